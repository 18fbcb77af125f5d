// How the command line names things: enum values, endpoints, durations, texts of others made safe
// for a terminal. Pure; numbers are masked here and nowhere else.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <string>
#include <string_view>
#include <vector>

#include "callbridge/v1/plan.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::cli {

// "RINGING" for STATE_RINGING: the value's name without the enum's. A value of a newer server: its
// number.
std::string EnumWord(const google::protobuf::EnumDescriptor& type, int value);

template <typename Enum>
std::string Word(Enum value) {
  return EnumWord(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

// All words of an enum but UNSPECIFIED, for usage texts and error messages.
std::vector<std::string> Words(const google::protobuf::EnumDescriptor& type);

// "3.1 s", "0.12 s", "1 min 2 s", "2 h 5 min".
std::string DurationText(base::Duration duration);
std::string DurationText(const google::protobuf::Duration& duration);

// Control characters become "?", so that a caller's name or a reason cannot drive the terminal.
std::string Printable(std::string_view text);

// The number as the user may see it.
std::string NumberText(std::string_view number, bool show_numbers);
// "+44********56", "sip:al***", "webrtc:al***".
std::string EndpointText(const v1::Endpoint& endpoint, bool show_numbers);

// "the caller", "callee-1"; "the leg" if there is no id.
std::string LegName(std::string_view leg_id);
// "the caller", "a timer" …; empty if not said.
std::string_view PartyName(v1::Party party);
// "no answer", "the other party left" …
std::string ReasonText(v1::EndReason reason);
// "NO_ANSWER, 10200"; empty if the provider said nothing.
std::string ProviderErrorText(const v1::ProviderError& error);

}  // namespace callbridge::cli
