#include "server/settings/print.h"

#include <google/protobuf/descriptor.h>
#include <yaml-cpp/yaml.h>

#include <map>

#include "server/base/duration_text.h"
#include "server/base/field_text.h"
#include "server/base/time.h"

namespace callbridge::settings {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void EmitMessage(const Message& message, YAML::Emitter& emitter);

// Texts are quoted, because some readers of YAML take "no", "8s" and "+44…" for something else.
void EmitText(const std::string& text, bool quoted, YAML::Emitter& emitter) {
  if (quoted) emitter << YAML::DoubleQuoted;
  emitter << text;
}

void EmitSingle(const Message& message, const FieldDescriptor& field, YAML::Emitter& emitter) {
  if (base::IsScalar(field)) {
    EmitText(base::FormatField(message, field), field.cpp_type() == FieldDescriptor::CPPTYPE_STRING,
             emitter);
  } else {
    EmitMessage(message.GetReflection()->GetMessage(message, &field), emitter);
  }
}

void EmitMap(const Message& message, const FieldDescriptor& field, YAML::Emitter& emitter) {
  const auto& reflection = *message.GetReflection();
  std::map<std::string, const Message*> entries;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    entries[entry.GetReflection()->GetString(entry, field.message_type()->map_key())] = &entry;
  }
  emitter << YAML::BeginMap;
  for (const auto& [name, entry] : entries) {
    emitter << YAML::Key;
    EmitText(name, true, emitter);
    emitter << YAML::Value;
    EmitSingle(*entry, *field.message_type()->map_value(), emitter);
  }
  emitter << YAML::EndMap;
}

void EmitList(const Message& message, const FieldDescriptor& field, YAML::Emitter& emitter) {
  const auto& reflection = *message.GetReflection();
  emitter << YAML::BeginSeq;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      EmitText(reflection.GetRepeatedString(message, &field, i), true, emitter);
    } else if (base::IsScalar(field)) {
      google::protobuf::Duration duration;
      duration.CopyFrom(reflection.GetRepeatedMessage(message, &field, i));
      EmitText(base::FormatDuration(base::FromProtoDuration(duration)), false, emitter);
    } else {
      EmitMessage(reflection.GetRepeatedMessage(message, &field, i), emitter);
    }
  }
  emitter << YAML::EndSeq;
}

bool IsPrinted(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(message, &field) > 0;
  return reflection.HasField(message, &field) ||
         (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL && !field.has_presence());
}

void EmitMessage(const Message& message, YAML::Emitter& emitter) {
  const auto& descriptor = *message.GetDescriptor();
  emitter << YAML::BeginMap;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (!IsPrinted(message, field)) continue;
    emitter << YAML::Key << field.name() << YAML::Value;
    if (field.is_map()) {
      EmitMap(message, field, emitter);
    } else if (field.is_repeated()) {
      EmitList(message, field, emitter);
    } else {
      EmitSingle(message, field, emitter);
    }
  }
  emitter << YAML::EndMap;
}

}  // namespace

std::string PrintYaml(const Message& message) {
  YAML::Emitter emitter;
  EmitMessage(message, emitter);
  return std::string(emitter.c_str()) + "\n";
}

}  // namespace callbridge::settings
