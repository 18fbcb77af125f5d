// Reads the values of flags: words of enums, durations, yes and no. Errors name the flag, what is
// wrong with its value, and what may stand there. Pure.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <optional>
#include <string>

#include "client/cli/command_line.h"
#include "server/base/arguments.h"
#include "server/base/time.h"

namespace callbridge::cli {

// Returns the number of the value that this word names, in upper or lower case: "ringing" or
// "RINGING" for STATE_RINGING.
absl::StatusOr<int> ParseEnumWord(const google::protobuf::EnumDescriptor& type,
                                  const std::string& flag, const std::string& text);

template <typename Enum>
absl::StatusOr<Enum> ParseWord(const std::string& flag, const std::string& text) {
  const auto number = ParseEnumWord(*google::protobuf::GetEnumDescriptor<Enum>(), flag, text);
  if (!number.ok()) return number.status();
  return static_cast<Enum>(*number);
}

// Sets the field if the flag is given: ReadWord("mode", &M::set_mode, arguments, message).
template <typename Enum, typename Message>
absl::Status ReadWord(const std::string& flag, void (Message::*set)(Enum),
                      const base::Arguments& arguments, Message& message) {
  const auto text = arguments.Value(flag);
  if (!text.has_value()) return absl::OkStatus();
  const auto value = ParseWord<Enum>(flag, *text);
  if (value.ok()) (message.*set)(*value);
  return value.status();
}

// Sets the field if the flag is given: ReadDuration("ring", &M::mutable_ring, arguments, message).
template <typename Message>
absl::Status ReadDuration(const std::string& flag, google::protobuf::Duration* (Message::*field)(),
                          const base::Arguments& arguments, Message& message) {
  const auto text = arguments.Value(flag);
  if (!text.has_value()) return absl::OkStatus();
  const auto duration = ParseDuration(flag, *text);
  if (duration.ok()) *(message.*field)() = base::ToProtoDuration(*duration);
  return duration.status();
}

// Absent means that the flag is not given.
absl::StatusOr<std::optional<bool>> ReadYesOrNo(const base::Arguments& arguments,
                                                const std::string& flag);

}  // namespace callbridge::cli
