#include "client/cli/json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/reflection.h>
#include <google/protobuf/util/json_util.h>

#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "server/base/check.h"
#include "server/base/mask.h"

namespace callbridge::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// True for a field of callbridge.v1 that holds a telephone number.
bool HoldsNumber(const FieldDescriptor& field) {
  static const auto* const names = new std::set<std::string_view>{
      "number", "caller_id_number", "service_number", "forwarded_from"};
  return names->contains(field.name());
}

// True for a field that holds a name or pressed keys of a person.
bool HoldsPerson(const FieldDescriptor& field) {
  static const auto* const names = new std::set<std::string_view>{
      "username", "identity", "display_name", "caller_name", "digits"};
  return names->contains(field.name());
}

std::string Masked(const FieldDescriptor& field, const std::string& text) {
  if (HoldsNumber(field)) return base::MaskNumber(text);
  return text.empty() ? text : "***";
}

void MaskStrings(const FieldDescriptor& field, const Reflection& reflection, Message& message) {
  if (!HoldsNumber(field) && !HoldsPerson(field)) return;
  if (!field.is_repeated()) {
    reflection.SetString(&message, &field, Masked(field, reflection.GetString(message, &field)));
    return;
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    reflection.SetRepeatedString(&message, &field, i,
                                 Masked(field, reflection.GetRepeatedString(message, &field, i)));
  }
}

}  // namespace

void MaskPersons(Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      MaskStrings(*field, reflection, message);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && field->is_repeated()) {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        MaskPersons(*reflection.MutableRepeatedMessage(&message, field, i));
      }
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      MaskPersons(*reflection.MutableMessage(&message, field));
    }
  }
}

std::string ToJson(const Message& message, bool show_numbers) {
  const std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  if (!show_numbers) MaskPersons(*copy);
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(*copy, &json);
  base::Check(status.ok(), "every message of callbridge.v1 has a JSON form");
  return json;
}

}  // namespace callbridge::cli
