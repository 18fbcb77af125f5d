#include "tests/flow/account.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <chrono>
#include <vector>

namespace callbridge::flow {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string Seconds(base::Duration duration) {
  return absl::StrFormat("%gs", std::chrono::duration<double>(duration).count());
}

class Printer {
 public:
  explicit Printer(base::Time start) : start_(start) {}

  std::string Fields(const Message& message) const {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    std::vector<std::string> texts;
    for (const FieldDescriptor* field : fields) {
      if (field->name() != "session_id") texts.push_back(Field(message, *field));
    }
    return absl::StrJoin(texts, " ");
  }

 private:
  std::string Field(const Message& message, const FieldDescriptor& field) const {
    const Reflection& reflection = *message.GetReflection();
    if (!field.is_repeated()) {
      return absl::StrCat(field.name(), "=", Value(message, reflection, field, -1));
    }
    std::vector<std::string> values;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      values.push_back(Value(message, reflection, field, i));
    }
    return absl::StrCat(field.name(), "=[", absl::StrJoin(values, ", "), "]");
  }

  // index -1: the field is not repeated.
  std::string Value(const Message& message, const Reflection& reflection,
                    const FieldDescriptor& field, int index) const {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return Nested(index < 0 ? reflection.GetMessage(message, &field)
                              : reflection.GetRepeatedMessage(message, &field, index));
    }
    std::string text;
    google::protobuf::TextFormat::PrintFieldValueToString(message, &field, index, &text);
    return text;
  }

  std::string Nested(const Message& message) const {
    if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
      return absl::StrCat("+", Seconds(base::FromTimestamp(*time) - start_));
    }
    if (const auto* duration = dynamic_cast<const google::protobuf::Duration*>(&message)) {
      return Seconds(base::FromProtoDuration(*duration));
    }
    return absl::StrCat("{", Fields(message), "}");
  }

  const base::Time start_;
};

}  // namespace

std::string Account(const internal::v1::Transition& transition, base::Time start, base::Time now) {
  const Printer printer(start);
  std::string text;
  for (v1::SessionEvent event : transition.events()) {
    if (base::FromTimestamp(event.record_time()) == now) event.clear_record_time();
    absl::StrAppend(&text, "event ", printer.Fields(event), "\n");
  }
  for (const internal::v1::Command& command : transition.commands()) {
    absl::StrAppend(&text, "command ", printer.Fields(command), "\n");
  }
  for (const std::int32_t number : transition.cancelled_commands()) {
    absl::StrAppend(&text, "cancel ", number, "\n");
  }
  if (transition.has_reply()) {
    absl::StrAppend(&text, "reply ", printer.Fields(transition.reply()), "\n");
  }
  if (!transition.ignored_reason().empty()) {
    absl::StrAppend(&text, "ignored: ", transition.ignored_reason(), "\n");
  }
  return text;
}

}  // namespace callbridge::flow
