#include "server/base/field_text.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "server/base/check.h"
#include "server/base/duration_text.h"
#include "server/base/mask.h"
#include "server/base/time.h"
#include "server/base/utf8.h"

namespace callbridge::base {
namespace {

using ProtoDuration = google::protobuf::Duration;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A problem shows up to this many characters of a value, which is enough to find it.
constexpr std::size_t kShownCharactersMax = 40;
// Empty, zero and absent are the same in the proto, so such a value would silently mean the
// default.
constexpr char kZero[] = "must not be 0; leave the key out to get the default";
constexpr char kEmpty[] = "must not be empty; leave the key out to get the default";

std::string Shown(const std::string& value) {
  return "\"" + MaskText(value.substr(0, kShownCharactersMax)) +
         (value.size() > kShownCharactersMax ? "…\"" : "\"");
}

// Returns "call" for STOP_PLAY_SCOPE_CALL. The name of the zero value tells the prefix to be
// removed.
std::string EnumValueName(const EnumValueDescriptor& value) {
  constexpr std::string_view kUnspecified = "UNSPECIFIED";
  const std::string& zero = value.type()->FindValueByNumber(0)->name();
  return absl::AsciiStrToLower(value.name().substr(zero.size() - kUnspecified.size()));
}

std::string StoreDuration(const std::string& text, Message& message, const FieldDescriptor& field) {
  const std::optional<Duration> value = ParseDuration(text);
  if (!value.has_value()) {
    return Shown(text) + " is not a duration; write \"8s\", \"500ms\", \"2m\" or \"1h\"";
  }
  const auto& reflection = *message.GetReflection();
  Message& duration = field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                          : *reflection.MutableMessage(&message, &field);
  duration.CopyFrom(ToProtoDuration(*value));
  return "";
}

std::string StoreText(const std::string& text, Message& message, const FieldDescriptor& field) {
  if (!CountCodePoints(text).has_value()) return "is not UTF-8";
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) {
    reflection.AddString(&message, &field, text);
    return "";
  }
  const bool empty_is_absent =
      !field.has_presence() && !field.containing_type()->options().map_entry();
  if (text.empty() && empty_is_absent) return kEmpty;
  reflection.SetString(&message, &field, text);
  return "";
}

std::string StoreInteger(const std::string& text, Message& message, const FieldDescriptor& field) {
  const bool narrow = field.cpp_type() == FieldDescriptor::CPPTYPE_INT32;
  std::int64_t wide = 0;
  std::int32_t value = 0;
  if (!(narrow ? absl::SimpleAtoi(text, &value) : absl::SimpleAtoi(text, &wide))) {
    return Shown(text) + " is not a whole number, or is too large";
  }
  if (value == 0 && wide == 0 && !field.has_presence()) return kZero;
  if (narrow) {
    message.GetReflection()->SetInt32(&message, &field, value);
  } else {
    message.GetReflection()->SetInt64(&message, &field, wide);
  }
  return "";
}

std::string StoreNumber(const std::string& text, Message& message, const FieldDescriptor& field) {
  double value = 0;
  if (!absl::SimpleAtod(text, &value) || !std::isfinite(value))
    return Shown(text) + " is not a number";
  if (value == 0 && !field.has_presence()) return kZero;
  message.GetReflection()->SetDouble(&message, &field, value);
  return "";
}

// Writes the number with up to 15 digits, as people do, or with up to 17 if 15 would make another
// number.
std::string FormatNumber(double value) {
  const std::string text = absl::StrFormat("%.15g", value);
  double read = 0;
  return absl::SimpleAtod(text, &read) && read == value ? text : absl::StrFormat("%.17g", value);
}

std::string StoreSwitch(const std::string& text, Message& message, const FieldDescriptor& field) {
  const std::string lower = absl::AsciiStrToLower(text);
  if (lower != "true" && lower != "false") return Shown(text) + " is neither true nor false";
  message.GetReflection()->SetBool(&message, &field, lower == "true");
  return "";
}

std::string StoreChoice(const std::string& text, Message& message, const FieldDescriptor& field) {
  std::string wanted = absl::AsciiStrToLower(text);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  std::vector<std::string> names;
  for (int i = 0; i < field.enum_type()->value_count(); ++i) {
    const EnumValueDescriptor& value = *field.enum_type()->value(i);
    if (value.number() == 0) continue;
    names.push_back(EnumValueName(value));
    if (names.back() == wanted) {
      message.GetReflection()->SetEnum(&message, &field, &value);
      return "";
    }
  }
  return absl::StrFormat("%s is not one of: %s", Shown(text), absl::StrJoin(names, ", "));
}

}  // namespace

bool IsScalar(const FieldDescriptor& field) {
  return field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
         field.message_type() == ProtoDuration::descriptor();
}

std::string StoreField(const std::string& text, Message& message, const FieldDescriptor& field) {
  Check(IsScalar(field), "a message is not written as one text");
  Check(!field.is_repeated() || field.cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
            field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE,
        "lists of settings hold texts, durations or messages");
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return StoreDuration(text, message, field);
    case FieldDescriptor::CPPTYPE_STRING:
      return StoreText(text, message, field);
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return StoreInteger(text, message, field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return StoreNumber(text, message, field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return StoreSwitch(text, message, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return StoreChoice(text, message, field);
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
    case FieldDescriptor::CPPTYPE_FLOAT:
      break;
  }
  Check(false, "no setting has an unsigned or float type");
  return "";
}

std::string FormatField(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      ProtoDuration duration;
      duration.CopyFrom(reflection.GetMessage(message, &field));
      return FormatDuration(FromProtoDuration(duration));
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return FormatNumber(reflection.GetDouble(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumValueName(*reflection.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
    case FieldDescriptor::CPPTYPE_FLOAT:
      break;
  }
  Check(false, "no setting has an unsigned or float type");
  return "";
}

}  // namespace callbridge::base
