#include "server/settings/example.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/check.h"
#include "server/base/field_text.h"
#include "server/base/rule.h"
#include "server/settings/yaml_reader.h"

namespace callbridge::settings {

// Returns a FileDescriptorSet with source info, which the build makes from settings.proto and all
// that it imports (proto/embed.cmake).
std::string_view SettingsDescriptors();

namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::SourceLocation;
using rule::v1::Rule;
using YamlLines = std::vector<std::string>;

constexpr std::size_t kColumns = 100;

constexpr char kHead[] =
    "#   callbridge-server --config settings.yaml --check-config   says what is wrong, with line\n"
    "#   callbridge-server --config settings.yaml --print-config   shows what it would run with\n"
    "#   callbridge-server --print-example                         prints this file\n"
    "# A line that is commented out, \"#key: value\", shows the default or a possible value. To "
    "set\n"
    "# it, remove the \"#\", and also that of the key above. Relative paths start at the current\n"
    "# directory of the process. Secrets are never written here: give each a file, chmod 600.\n";

// Returns the descriptors with their comments, which the descriptors that are compiled in lack.
const DescriptorPool& CommentedPool() {
  static const DescriptorPool& pool = *[] {
    google::protobuf::FileDescriptorSet files;
    const std::string_view bytes = SettingsDescriptors();
    base::Check(files.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())),
                "the descriptors of the settings can be read");
    auto* made = new DescriptorPool();
    for (const auto& file : files.file()) {
      base::Check(made->BuildFile(file) != nullptr, "the files of the settings fit together");
    }
    return made;
  }();
  return pool;
}

// Returns the comment above the field in its proto.
std::string CommentOf(const FieldDescriptor& field) {
  SourceLocation location;
  const FieldDescriptor* commented = CommentedPool().FindFieldByName(field.full_name());
  base::Check(commented != nullptr && commented->GetSourceLocation(&location),
              "every field of the settings stands in their files");
  return location.leading_comments;
}

// Returns the comment at the head of the proto file.
std::string FileCommentOf(const Descriptor& message) {
  SourceLocation location;
  const Descriptor* commented = CommentedPool().FindMessageTypeByName(message.full_name());
  // The comment of the head stands before "syntax", which is field 12 of a file.
  base::Check(commented != nullptr && commented->file()->GetSourceLocation({12}, &location),
              "the settings' file has a head");
  return location.leading_comments;
}

bool HasAnyRule(const Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (base::RuleOf(*type.field(i)).ByteSizeLong() > 0) return true;
  }
  return false;
}

bool IsMessage(const FieldDescriptor& field) {
  return !field.is_repeated() && !base::IsScalar(field);
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                             : reflection.HasField(message, &field);
}

// True for a message that the example shows although it need not be set.
bool IsShown(const FieldDescriptor& field) {
  return IsMessage(field) && field.real_containing_oneof() == nullptr &&
         base::RuleOf(field).hint().empty() && HasAnyRule(*field.message_type());
}

void ReadInto(const FieldDescriptor& field, const std::string& yaml, Message& message) {
  const bool block = yaml.find('\n') != std::string::npos;
  const std::string indented = absl::StrReplaceAll("\n" + yaml, {{"\n", "\n  "}});
  const YamlReading reading =
      ReadYaml(absl::StrCat(field.name(), ":", block ? indented : " " + yaml), message);
  base::Check(reading.problems.empty(), "the examples of the rules can be read");
}

// Sets the examples that the rules give, also in nested messages.
void FillExamples(Message& message) {
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    const std::string example = base::RuleOf(field).example();
    if (!example.empty() && !IsSet(message, field)) ReadInto(field, example, message);
    if (IsMessage(field)) {
      if (IsSet(message, field) || IsShown(field)) {
        FillExamples(*reflection.MutableMessage(&message, &field));
      }
      continue;
    }
    const FieldDescriptor& value = field.is_map() ? *field.message_type()->map_value() : field;
    if (base::IsScalar(value)) continue;
    for (int j = 0; j < reflection.FieldSize(message, &field); ++j) {
      Message& item = *reflection.MutableRepeatedMessage(&message, &field, j);
      FillExamples(field.is_map() ? *item.GetReflection()->MutableMessage(&item, &value) : item);
    }
  }
}

// Writes the text as a person would. It is quoted only where a reader of YAML could take it for
// something else.
std::string Quoted(const std::string& text, const FieldDescriptor& field) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return text;
  const bool number = text.find_first_not_of("+0123456789") == std::string::npos;
  const bool begins = !text.empty() && (absl::ascii_isalnum(static_cast<unsigned char>(text[0])) ||
                                        text[0] == '/' || text[0] == '.');
  const bool plain = begins && !number && text.find_first_of("\"#,[]{}") == std::string::npos &&
                     text.find(": ") == std::string::npos;
  return plain ? text : absl::StrCat("\"", text, "\"");
}

std::string ScalarText(const Message& message, const FieldDescriptor& field) {
  if (!field.is_repeated()) return Quoted(base::FormatField(message, field), field);
  const auto& reflection = *message.GetReflection();
  base::Check(field.cpp_type() == FieldDescriptor::CPPTYPE_STRING,
              "the examples of lists are lists of texts");
  std::vector<std::string> items;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    items.push_back(Quoted(reflection.GetRepeatedString(message, &field, i), field));
  }
  return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
}

std::string DefaultText(const FieldDescriptor& field, const Rule& rule) {
  std::vector<std::string> items;
  for (const std::string& text : rule.default_()) items.push_back(Quoted(text, field));
  const std::string joined = absl::StrJoin(items, ", ");
  return field.is_repeated() ? absl::StrCat("[", joined, "]") : joined;
}

// Writes the rule of the field as sentences: "Allowed: 1s to 20s. Default: 8s."
std::string Sentences(const FieldDescriptor& field) {
  const Rule rule = base::RuleOf(field);
  std::string text;
  if (!rule.required().empty() && field.real_containing_oneof() == nullptr) text += " Required.";
  if (!rule.min().empty()) {
    absl::StrAppend(&text, " Allowed: ", rule.min(), " to ", rule.max(),
                    rule.unit().empty() ? "" : " ", rule.unit(), ".");
  }
  if (!rule.longer_than().empty()) {
    absl::StrAppend(&text, " Longer than ", rule.longer_than(), ".");
  }
  if (rule.rising()) text += " Each longer than the one before it.";
  if (rule.items_max() > 0) absl::StrAppend(&text, " Up to ", rule.items_max(), " items.");
  if (rule.default__size() > 0) {
    absl::StrAppend(&text, " Default: ", DefaultText(field, rule), ".");
  }
  return text;
}

void AddComment(std::string_view text, std::size_t column, YamlLines& lines) {
  std::string line = "#";
  for (const absl::string_view word : absl::StrSplit(absl::string_view(text.data(), text.size()),
                                                     absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    if (line.size() > 1 && column + line.size() + 1 + word.size() > kColumns) {
      lines.push_back(line);
      line = "#";
    }
    absl::StrAppend(&line, " ", word);
  }
  if (line.size() > 1) lines.push_back(line);
}

// Appends lines with the prefix.
void AddAll(const YamlLines& from, const std::string& prefix, YamlLines& to) {
  for (const std::string& line : from) to.push_back(line.empty() ? line : prefix + line);
}

bool IsCommentedOut(const std::string& line) {
  return line.substr(std::min(line.find_first_not_of(' '), line.size())).starts_with('#');
}

// Writes the item of a list. Its first key stands behind "- ", and the comment of that key stands
// above it.
void AddItem(const YamlLines& item, YamlLines& lines) {
  bool begun = false;
  for (const std::string& line : item) {
    const bool begins = !begun && !IsCommentedOut(line);
    lines.push_back((begins ? "- " : begun ? "  " : "") + line);
    begun = begun || begins;
  }
}

// Writes messages as lines of YAML. A comment explains each field where it appears first.
class Writer {
 public:
  // `column` is the indentation that the lines will get.
  YamlLines Write(const Message& message, std::size_t column);

 private:
  void WriteField(const Message& message, const FieldDescriptor& field, std::size_t column,
                  YamlLines& lines);
  // Writes "key: value" with all lines below it.
  YamlLines WriteValue(const Message& message, const FieldDescriptor& field, std::size_t column);
  void WriteItems(const Message& message, const FieldDescriptor& field, std::size_t column,
                  YamlLines& lines);
  void WriteEntries(const Message& message, const FieldDescriptor& field, std::size_t column,
                    YamlLines& lines);

  std::set<const FieldDescriptor*> explained_;
};

YamlLines Writer::Write(const Message& message, std::size_t column) {
  YamlLines lines;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    WriteField(message, *message.GetDescriptor()->field(i), column, lines);
  }
  return lines;
}

void Writer::WriteField(const Message& message, const FieldDescriptor& field, std::size_t column,
                        YamlLines& lines) {
  const Rule rule = base::RuleOf(field);
  const bool set = IsSet(message, field);
  if (!set && rule.default__size() == 0 && rule.hint().empty()) return;
  if (column == 0 && !lines.empty()) lines.emplace_back();
  if (explained_.insert(&field).second) {
    AddComment(CommentOf(field) + Sentences(field), column, lines);
  }
  if (set) {
    AddAll(WriteValue(message, field, column), "", lines);
  } else if (rule.default__size() > 0) {
    lines.push_back(absl::StrCat("#", field.name(), ": ", DefaultText(field, rule)));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    lines.push_back(absl::StrCat("#", field.name(), ": ", rule.hint()));
  } else {
    const std::unique_ptr<Message> hinted(message.New());
    ReadInto(field, rule.hint(), *hinted);
    if (IsMessage(field)) {
      FillExamples(*hinted->GetReflection()->MutableMessage(hinted.get(), &field));
    }
    AddAll(WriteValue(*hinted, field, column + 1), "#", lines);
  }
}

YamlLines Writer::WriteValue(const Message& message, const FieldDescriptor& field,
                             std::size_t column) {
  const std::string key = field.name() + ":";
  const FieldDescriptor& value = field.is_map() ? *field.message_type()->map_value() : field;
  if (!field.is_map() && base::IsScalar(value)) return {key + " " + ScalarText(message, field)};
  YamlLines below;
  if (field.is_map()) {
    WriteEntries(message, field, column + 2, below);
  } else if (field.is_repeated()) {
    WriteItems(message, field, column + 2, below);
  } else {
    below = Write(message.GetReflection()->GetMessage(message, &field), column + 2);
  }
  if (below.empty()) return {key + " {}"};
  // If everything below the key is commented out, so is the key, because a key without a value is
  // refused.
  YamlLines lines = {std::ranges::all_of(below, IsCommentedOut) ? "#" + key : key};
  AddAll(below, "  ", lines);
  return lines;
}

void Writer::WriteItems(const Message& message, const FieldDescriptor& field, std::size_t column,
                        YamlLines& lines) {
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    AddItem(Write(reflection.GetRepeatedMessage(message, &field, i), column + 2), lines);
  }
}

void Writer::WriteEntries(const Message& message, const FieldDescriptor& field, std::size_t column,
                          YamlLines& lines) {
  const auto& reflection = *message.GetReflection();
  const FieldDescriptor& value = *field.message_type()->map_value();
  std::map<std::string, const Message*> entries;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    entries[entry.GetReflection()->GetString(entry, field.message_type()->map_key())] = &entry;
  }
  for (const auto& [name, entry] : entries) {
    if (base::IsScalar(value)) {
      lines.push_back(absl::StrCat(name, ": ", ScalarText(*entry, value)));
      continue;
    }
    const YamlLines below = Write(entry->GetReflection()->GetMessage(*entry, &value), column + 2);
    lines.push_back(name + (below.empty() ? ": {}" : ":"));
    AddAll(below, "  ", lines);
  }
}

}  // namespace

std::string PrintExample() {
  config::v1::Settings settings;
  FillExamples(settings);
  YamlLines head;
  AddComment(FileCommentOf(*settings.GetDescriptor()), 0, head);
  return absl::StrCat(absl::StrJoin(head, "\n"), "\n", kHead, "\n",
                      absl::StrJoin(Writer().Write(settings, 0), "\n"), "\n");
}

}  // namespace callbridge::settings
