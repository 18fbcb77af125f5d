// How the command line writes enum values, endpoints, durations, and foreign texts that must be
// safe for a terminal. Pure. Texts mask the numbers of endpoints here; json.h and report.h mask
// those of whole messages.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <string>
#include <string_view>
#include <vector>

#include "callbridge/v1/plan.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/printable.h"
#include "server/base/time.h"

namespace callbridge::cli {

// Returns "RINGING" for STATE_RINGING: the value's name without the enum's. For a value of a newer
// server it returns the number.
std::string EnumWord(const google::protobuf::EnumDescriptor& type, int value);

template <typename Enum>
std::string Word(Enum value) {
  return EnumWord(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

// Returns all words of an enum except UNSPECIFIED, for usage texts and error messages.
std::vector<std::string> Words(const google::protobuf::EnumDescriptor& type);

// Returns a text like "3.1 s", "0.12 s", "1 min 2 s" or "2 h 5 min".
std::string DurationText(base::Duration duration);
std::string DurationText(const google::protobuf::Duration& duration);

using base::Printable;

// Returns the number as the user may see it.
std::string NumberText(std::string_view number, bool show_numbers);
// Returns a text like "+44********56", "sip:al***" or "webrtc:al***".
std::string EndpointText(const v1::Endpoint& endpoint, bool show_numbers);

// Returns "the caller" or a name like "callee-1"; "the leg" if there is no id.
std::string LegName(std::string_view leg_id);
// Returns " (asked by billing)"; empty if the client has no identity.
std::string AskedBy(const std::string& client_identity);
// Returns a text like "the caller" or "a deadline"; empty if the party is unspecified.
std::string_view PartyName(v1::Party party);
// Returns a text like "no answer" or "the other party left".
std::string ReasonText(v1::EndReason reason);
// Returns a text like "NO_ANSWER, 10200"; empty if the provider gave no error.
std::string ProviderErrorText(const v1::ProviderError& error);

}  // namespace callbridge::cli
