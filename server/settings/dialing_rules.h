// Telephone numbers in E.164, and which of them may be shown and called: the allow-lists of the
// settings, ready for questions. Everything inside the service is "+" and digits; people may leave
// out the "+". It knows nothing of plans and sessions and reads no clock.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/v1/plan.pb.h"

namespace callbridge::settings {

// What to say of a number that is refused; never with the number itself.
inline constexpr char kNumberDescription[] =
    "must be an E.164 number: 8 to 15 digits, country code first, with or without \"+\"";

// "+447700900456" from "447700900456" or "+447700900456". Absent: not E.164.
std::optional<std::string> NormalizeNumber(std::string_view number);

// As NormalizeNumber for the beginning of a number: 1 to 15 digits.
std::optional<std::string> NormalizePrefix(std::string_view prefix);

// True for what RFC 3261 (25.1, user) allows before the "@" of an address: also escapes ("%23"),
// unless they hide a control character or what ends a user name ("@", ":").
bool IsSipUser(std::string_view user);

// The telephone number that a SIP user name is to its trunk: "+" and digits, "00" read as "+"; a
// national one, with a single 0, as it stands, and so one behind a code whose end is not clear
// ("*67"). Visual separators, parameters and service codes do not count. Absent: a name, or an
// extension of up to seven digits.
std::optional<std::string> NumberInSipUser(std::string_view user);

// Immutable, so thread-safe.
class DialingRules {
 public:
  // Takes valid settings, effective or as written.
  explicit DialingRules(const config::v1::Settings& settings);

  // May this number be shown to the person called? With or without "+".
  bool MayShow(std::string_view number) const;

  // Why a number must not be called; absent: it may.
  struct Refusal {
    // The denied prefix that it begins with; empty: it begins with none of the allowed ones.
    std::string prefix;
  };
  std::optional<Refusal> WhyNotCall(std::string_view number) const;
  // A SIP user name that is a number is held to the same lists; names, extensions and WebRTC
  // identities may always be called.
  std::optional<Refusal> WhyNotCall(const callbridge::v1::Endpoint& endpoint) const;

  // The number of a route: whoever calls it is answered by this service.
  bool IsRouted(const callbridge::v1::Endpoint& endpoint) const;

  // "+" and digits; empty: none is set.
  const std::string& default_number() const { return default_number_; }

 private:
  // number: "+" and digits.
  std::optional<Refusal> JudgePrefix(std::string_view number) const;

  std::string default_number_;
  std::set<std::string, std::less<>> routed_numbers_;
  std::set<std::string, std::less<>> allowed_numbers_;
  std::vector<std::string> allowed_prefixes_;
  std::vector<std::string> denied_prefixes_;
};

// The telephone number that an endpoint reaches, with "+"; a national one in a SIP user name as it
// stands. Absent: none.
std::optional<std::string> NumberOf(const callbridge::v1::Endpoint& endpoint);

// The field of an endpoint that says who is called, like "phone.number".
std::string DestinationField(const callbridge::v1::Endpoint& endpoint);

// True if both ring at one place.
bool SameDestination(const callbridge::v1::Endpoint& one, const callbridge::v1::Endpoint& other);

}  // namespace callbridge::settings
