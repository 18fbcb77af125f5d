#include "server/settings/yaml_reader.h"

#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/descriptor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "server/base/check.h"
#include "server/base/field_text.h"
#include "server/base/mask.h"
#include "server/base/nearest.h"
#include "server/settings/findings.h"

namespace callbridge::settings {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;

Position ToPosition(const YAML::Mark& mark) {
  // A null mark is (-1, -1), which means the document's beginning.
  return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};
}

std::vector<std::string> FieldNames(const Descriptor& descriptor) {
  std::vector<std::string> names;
  for (int i = 0; i < descriptor.field_count(); ++i) names.push_back(descriptor.field(i)->name());
  return names;
}

class Reader {
 public:
  explicit Reader(YamlReading& reading) : reading_(reading) {}

  void ReadMessage(const YAML::Node& node, const std::string& path, Position position,
                   Message& message);

 private:
  void Report(Position position, const std::string& path, std::string description) {
    reading_.problems.push_back({position, path, std::move(description)});
  }

  // The keys of a map with their values. Keys that are no text, or come twice, are reported and
  // left out.
  struct Entry {
    std::string key;
    Position position;
    YAML::Node value;
  };
  std::vector<Entry> EntriesOf(const YAML::Node& node, const std::string& path);

  void ReadField(const Entry& entry, const std::string& path, Message& message,
                 const FieldDescriptor& field);
  void ReadList(const YAML::Node& node, const std::string& path, Position position,
                Message& message, const FieldDescriptor& field);
  void ReadMap(const YAML::Node& node, const std::string& path, Position position, Message& message,
               const FieldDescriptor& field);
  void ReadValue(const YAML::Node& node, const std::string& path, Position position,
                 Message& message, const FieldDescriptor& field);
  YamlReading& reading_;
};

void Reader::ReadMessage(const YAML::Node& node, const std::string& path, Position position,
                         Message& message) {
  const Descriptor& descriptor = *message.GetDescriptor();
  if (node.IsNull() && descriptor.field_count() == 0) return;
  if (node.IsNull()) {
    Report(position, path, "has no value; write {} or leave the key out");
    return;
  }
  if (!node.IsMap()) {
    Report(position, path, "must be a map of keys and values");
    return;
  }
  std::map<const OneofDescriptor*, std::string> chosen;
  for (const Entry& entry : EntriesOf(node, path)) {
    const std::string field_path = FieldPath(path, entry.key);
    const FieldDescriptor* field = descriptor.FindFieldByName(entry.key);
    if (field == nullptr) {
      const std::vector<std::string> names = FieldNames(descriptor);
      std::string hint = base::DidYouMean(entry.key, names);
      if (hint.empty()) hint = "; known here: " + absl::StrJoin(names, ", ");
      Report(entry.position, field_path, "unknown key" + hint);
      continue;
    }
    if (const OneofDescriptor* oneof = field->real_containing_oneof(); oneof != nullptr) {
      const auto [first, is_first] = chosen.emplace(oneof, entry.key);
      if (!is_first) {
        Report(entry.position, field_path,
               absl::StrFormat("excludes \"%s\", which is set too; leave one out", first->second));
        continue;
      }
    }
    ReadField(entry, field_path, message, *field);
  }
}

std::vector<Reader::Entry> Reader::EntriesOf(const YAML::Node& node, const std::string& path) {
  std::vector<Entry> entries;
  std::map<std::string, Position> seen;
  for (const auto& pair : node) {
    const Position position = ToPosition(pair.first.Mark());
    if (!pair.first.IsScalar()) {
      Report(position, path, "has a key that is not a text");
      continue;
    }
    const std::string& key = pair.first.Scalar();
    const auto [first, is_first] = seen.emplace(key, position);
    if (!is_first) {
      Report(position, FieldPath(path, base::MaskText(key)),
             absl::StrFormat("given twice, first in line %d; leave one out", first->second.line));
      continue;
    }
    entries.push_back({key, position, pair.second});
  }
  return entries;
}

void Reader::ReadField(const Entry& entry, const std::string& path, Message& message,
                       const FieldDescriptor& field) {
  reading_.positions[path] = entry.position;
  if (field.is_map()) {
    ReadMap(entry.value, path, entry.position, message, field);
  } else if (field.is_repeated()) {
    ReadList(entry.value, path, entry.position, message, field);
  } else {
    ReadValue(entry.value, path, entry.position, message, field);
  }
}

void Reader::ReadList(const YAML::Node& node, const std::string& path, Position position,
                      Message& message, const FieldDescriptor& field) {
  if (!node.IsSequence()) {
    Report(position, path, "must be a list: one item in each line, after \"- \"");
    return;
  }
  std::size_t index = 0;
  for (const YAML::Node& item : node) {
    const std::string item_path = ItemPath(path, index++);
    const Position item_position = ToPosition(item.Mark());
    reading_.positions[item_path] = item_position;
    ReadValue(item, item_path, item_position, message, field);
  }
}

void Reader::ReadMap(const YAML::Node& node, const std::string& path, Position position,
                     Message& message, const FieldDescriptor& field) {
  if (!node.IsMap()) {
    Report(position, path, "must be a map of names and values");
    return;
  }
  for (const Entry& entry : EntriesOf(node, path)) {
    Message& added = *message.GetReflection()->AddMessage(&message, &field);
    const FieldDescriptor& key = *field.message_type()->map_key();
    base::Check(key.cpp_type() == FieldDescriptor::CPPTYPE_STRING, "maps of settings have names");
    const std::string entry_path = FieldPath(path, entry.key);
    const std::string description = base::StoreField(entry.key, added, key);
    if (!description.empty()) Report(entry.position, entry_path, description);
    ReadField(entry, entry_path, added, *field.message_type()->map_value());
  }
}

void Reader::ReadValue(const YAML::Node& node, const std::string& path, Position position,
                       Message& message, const FieldDescriptor& field) {
  if (!base::IsScalar(field)) {
    const auto& reflection = *message.GetReflection();
    ReadMessage(node, path, position,
                field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                    : *reflection.MutableMessage(&message, &field));
  } else if (node.IsNull()) {
    Report(position, path, "has no value; leave the key out to get the default");
  } else if (!node.IsScalar()) {
    Report(position, path, "must be a single value");
  } else {
    const std::string description = base::StoreField(node.Scalar(), message, field);
    if (!description.empty()) Report(position, path, description);
  }
}

// Notes where each document begins, and builds no tree.
class DocumentStarts final : public YAML::EventHandler {
 public:
  const YAML::Mark& last() const { return last_; }

  void OnDocumentStart(const YAML::Mark& mark) override { last_ = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  YAML::Mark last_;
};

// Returns where a second document begins. Absent means that there is one document, or none. It
// reads only two documents, because yaml-cpp takes a "," that stands alone for an empty document,
// again and again. LoadAll would use up the memory.
std::optional<Position> SecondDocument(const std::string& yaml) {
  std::istringstream stream(yaml);
  YAML::Parser parser(stream);
  DocumentStarts starts;
  if (!parser.HandleNextDocument(starts) || !parser.HandleNextDocument(starts)) {
    return std::nullopt;
  }
  return ToPosition(starts.last());
}

// Returns the line without its end. Empty if there is none of that number.
std::string_view LineOf(std::string_view text, int number) {
  for (; number > 1 && !text.empty(); --number) {
    const std::size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return text.substr(0, text.find('\n'));
}

// Returns what to do about the usual mistakes behind an error of the parser, which names none.
std::string_view Remedy(std::string_view yaml, Position place, const std::string& error) {
  const std::string_view line = LineOf(yaml, place.line);
  if (line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos) {
    return "; a tab cannot indent: write spaces";
  }
  const auto at = static_cast<std::size_t>(place.column - 1);
  const bool at_colon = at < line.size() && line[at] == ':';
  if (at_colon && line.substr(0, at).find(": ") != std::string_view::npos) {
    return "; a text that holds \": \" must stand in quotation marks";
  }
  if (at_colon && error == YAML::ErrorMsg::MAP_VALUE)
    return "; the keys of one map must begin in the same column";
  return "";
}

}  // namespace

Position YamlReading::PositionOf(std::string_view path) const {
  while (!path.empty()) {
    const auto found = positions.find(path);
    if (found != positions.end()) return found->second;
    const std::size_t cut = path.find_last_of(".[");
    path = cut == std::string_view::npos ? std::string_view() : path.substr(0, cut);
  }
  return {};
}

YamlReading ReadYaml(std::string_view yaml, Message& message) {
  YamlReading reading;
  try {
    const std::string text(yaml);
    const YAML::Node document = YAML::Load(text);
    if (document.IsNull()) {
      reading.problems.push_back({{}, "", "is empty; see deploy/settings.example.yaml"});
    } else if (const std::optional<Position> second = SecondDocument(text); second.has_value()) {
      reading.problems.push_back(
          {*second, "", "a second document begins here; a file may hold one"});
    } else {
      reading.is_map = document.IsMap();
      Reader(reading).ReadMessage(document, "", {}, message);
    }
  } catch (const YAML::Exception& error) {
    reading.is_map = false;
    const Position place = ToPosition(error.mark);
    reading.problems.push_back(
        {place, "",
         absl::StrFormat("is not YAML: %s%s", error.msg, Remedy(yaml, place, error.msg))});
  }
  return reading;
}

}  // namespace callbridge::settings
