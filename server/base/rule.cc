#include "server/base/rule.h"

#include <string>

#include "server/base/check.h"
#include "server/base/field_text.h"

namespace callbridge::base {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using rule::v1::Rule;

bool HasRule(const FieldDescriptor& field) {
  return field.options().HasExtension(rule::v1::rule) ||
         field.containing_type()->options().HasExtension(rule::v1::each);
}

void FillItems(const FieldDescriptor& field, Message& message) {
  const FieldDescriptor* value = field.is_map() ? field.message_type()->map_value() : &field;
  if (value->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || IsScalar(*value)) return;
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    Message& item = *reflection.MutableRepeatedMessage(&message, &field, i);
    FillDefaults(field.is_map() ? *item.GetReflection()->MutableMessage(&item, value) : item);
  }
}

void FillValue(const FieldDescriptor& field, Message& message) {
  const Rule rule = RuleOf(field);
  for (const std::string& text : rule.default_()) {
    const std::string problem = StoreField(text, message, field);
    Check(problem.empty(), "a default can be read by the rules of its field");
  }
}

void FillMessage(const FieldDescriptor& field, Message& message) {
  const auto& reflection = *message.GetReflection();
  const bool there = reflection.HasField(message, &field);
  const bool made = field.real_containing_oneof() == nullptr && HasDefaults(*field.message_type());
  if (there || made) FillDefaults(*reflection.MutableMessage(&message, &field));
}

}  // namespace

Rule RuleOf(const FieldDescriptor& field) {
  Rule rule = field.containing_type()->options().GetExtension(rule::v1::each);
  rule.MergeFrom(field.options().GetExtension(rule::v1::rule));
  return rule;
}

bool HasDefaults(const Descriptor& message) {
  bool any = false;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (field.real_containing_oneof() != nullptr) continue;
    if (!RuleOf(field).required().empty()) return false;
    any = any || HasRule(field);
  }
  return any;
}

void FillDefaults(Message& message) {
  const auto& reflection = *message.GetReflection();
  const Descriptor& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (field.is_repeated()) {
      if (reflection.FieldSize(message, &field) == 0) FillValue(field, message);
      FillItems(field, message);
    } else if (!IsScalar(field)) {
      FillMessage(field, message);
    } else if (!reflection.HasField(message, &field)) {
      FillValue(field, message);
    }
  }
}

}  // namespace callbridge::base
