#include "tests/fuzz/random_message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "server/base/utf8.h"

namespace callbridge::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Lists do not grow beyond this: what matters is one more than is allowed.
constexpr int kEntriesMax = 40;
constexpr std::size_t kShortText = 24;
constexpr std::int64_t kSecondsOfADay = 86'400;
constexpr std::int64_t kSecondsMax = 7'258'118'400;  // 2200-01-01.

// The numbers at which checks turn.
constexpr std::array<std::int64_t, 16> kNumbers = {0,
                                                   1,
                                                   -1,
                                                   2,
                                                   8,
                                                   10,
                                                   60,
                                                   61,
                                                   100,
                                                   1'000,
                                                   28'800,
                                                   1'768'478'400,
                                                   std::numeric_limits<std::int32_t>::max(),
                                                   std::numeric_limits<std::int32_t>::min(),
                                                   std::numeric_limits<std::int64_t>::max(),
                                                   std::numeric_limits<std::int64_t>::min()};

std::int64_t ChooseNumber(ByteReader& bytes) {
  const std::size_t choice = bytes.Below(kNumbers.size() + 2);
  if (choice < kNumbers.size()) return kNumbers[choice];
  if (choice == kNumbers.size()) return bytes.Byte();
  return static_cast<std::int64_t>(bytes.Number());
}

double ChooseReal(ByteReader& bytes) {
  constexpr std::array kReals = {0.0,
                                 0.5,
                                 0.49999,
                                 1.0,
                                 2.0,
                                 2.00001,
                                 -1.0,
                                 1e300,
                                 std::numeric_limits<double>::quiet_NaN(),
                                 std::numeric_limits<double>::infinity()};
  return kReals[bytes.Below(kReals.size())];
}

std::string ChooseText(ByteReader& bytes, const Taste& taste) {
  const std::size_t choice = bytes.Below(taste.texts.size() + 4);
  if (choice < taste.texts.size()) return std::string(taste.texts[choice]);
  std::string text;
  if (choice == taste.texts.size()) {
    text = bytes.Text(bytes.Below(kShortText));
  } else if (choice == taste.texts.size() + 1) {
    // Long enough to be too long for anything.
    text.assign(16 * static_cast<std::size_t>(bytes.Byte()), 'a');
  } else if (choice == taste.texts.size() + 2) {
    for (std::size_t left = bytes.Below(20); left > 0; --left) {
      text += static_cast<char>('0' + bytes.Below(10));
    }
  }
  if (base::CountCodePoints(text).has_value()) return text;
  for (char& c : text) c = static_cast<char>(static_cast<unsigned char>(c) & 0x7FU);
  return text;
}

int ChooseEnum(ByteReader& bytes, const FieldDescriptor& field) {
  const int count = field.enum_type()->value_count();
  const std::size_t choice = bytes.Below(static_cast<std::size_t>(count) + 1);
  if (choice == static_cast<std::size_t>(count)) return static_cast<int>(bytes.Byte());
  return field.enum_type()->value(static_cast<int>(choice))->number();
}

void ChangeTime(ByteReader& bytes, const Taste& taste, std::int64_t seconds_max, Message& message) {
  const Reflection& reflection = *message.GetReflection();
  const auto& descriptor = *message.GetDescriptor();
  std::int64_t whole_seconds = ChooseNumber(bytes);
  std::int64_t nanos = ChooseNumber(bytes);
  if (!taste.odd_times) {
    whole_seconds = (whole_seconds < 0 ? -(whole_seconds + 1) : whole_seconds) % seconds_max;
    nanos = (nanos < 0 ? -(nanos + 1) : nanos) % 1'000'000'000;
  }
  reflection.SetInt64(&message, descriptor.FindFieldByName("seconds"), whole_seconds);
  reflection.SetInt32(&message, descriptor.FindFieldByName("nanos"),
                      static_cast<std::int32_t>(nanos));
}

void SetScalar(ByteReader& bytes, const Taste& taste, const FieldDescriptor& field,
               Message& message) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field, static_cast<std::int32_t>(ChooseNumber(bytes)));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, &field, ChooseNumber(bytes));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(&message, &field, ChooseReal(bytes));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, bytes.Flip());
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&message, &field, ChooseEnum(bytes, field));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(&message, &field, ChooseText(bytes, taste));
    default:
      return;  // No message of ours has other kinds.
  }
}

void AddScalar(ByteReader& bytes, const Taste& taste, const FieldDescriptor& field,
               Message& message) {
  const Reflection& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    reflection.AddString(&message, &field, ChooseText(bytes, taste));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    reflection.AddEnumValue(&message, &field, ChooseEnum(bytes, field));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    reflection.AddInt32(&message, &field, static_cast<std::int32_t>(ChooseNumber(bytes)));
  }
}

void ChangeList(ByteReader& bytes, const Taste& taste, const FieldDescriptor& field,
                Message& message) {
  const Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  const std::size_t choice = bytes.Below(4);
  if (choice == 0 && size > 0) return reflection.RemoveLast(&message, &field);
  const bool of_messages = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (choice == 1 && size > 0 && of_messages) {
    const int index = static_cast<int>(bytes.Below(static_cast<std::size_t>(size)));
    return ChangeOneField(bytes, taste,
                          *reflection.MutableRepeatedMessage(&message, &field, index));
  }
  if (size >= kEntriesMax) return;
  if (!of_messages) return AddScalar(bytes, taste, field, message);
  Message& added = *reflection.AddMessage(&message, &field);
  if (choice == 2 && size > 0) {
    // One more like the first.
    added.CopyFrom(reflection.GetRepeatedMessage(message, &field, 0));
  }
  ChangeOneField(bytes, taste, added);
}

}  // namespace

void ChangeOneField(ByteReader& bytes, const Taste& taste, Message& message) {
  const auto& descriptor = *message.GetDescriptor();
  if (&descriptor == google::protobuf::Timestamp::descriptor()) {
    return ChangeTime(bytes, taste, kSecondsMax, message);
  }
  if (&descriptor == google::protobuf::Duration::descriptor()) {
    return ChangeTime(bytes, taste, kSecondsOfADay, message);
  }
  if (descriptor.field_count() == 0) return;
  const FieldDescriptor& field = *descriptor.field(
      static_cast<int>(bytes.Below(static_cast<std::size_t>(descriptor.field_count()))));
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) return ChangeList(bytes, taste, field, message);
  if (bytes.Below(8) == 7) return reflection.ClearField(&message, &field);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return ChangeOneField(bytes, taste, *reflection.MutableMessage(&message, &field));
  }
  SetScalar(bytes, taste, field, message);
}

}  // namespace callbridge::fuzz
