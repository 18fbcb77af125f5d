// Telephone numbers in E.164, and the settings' rules for which of them may be shown and called.
// Inside the service a number is "+" and digits; people may leave out the "+". It does not depend
// on plans and sessions and reads no clock.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/v1/plan.pb.h"

namespace callbridge::settings {

// Describes why a number is refused, without the number itself.
inline constexpr char kNumberDescription[] =
    "must be an E.164 number: 8 to 15 digits, country code first, with or without \"+\"";

// Returns "+447700900456" for "447700900456" or "+447700900456". Absent means that the text is not
// E.164.
std::optional<std::string> NormalizeNumber(std::string_view number);

// Does what NormalizeNumber does for the beginning of a number: 1 to 15 digits.
std::optional<std::string> NormalizePrefix(std::string_view prefix);

// True for what RFC 3261 (25.1, user) allows before the "@" of an address. Escapes ("%23") are
// allowed, unless they hide a control character or a character that ends a user name ("@", ":").
bool IsSipUser(std::string_view user);

// Returns the telephone number that a trunk reads in a SIP user name: "+" and digits, where "00"
// counts as "+". A national number with a single 0 stays as it is, and so does one behind a code
// whose end is unclear ("*67"). Visual separators, parameters and service codes are removed. Absent
// means a name, or an extension of up to seven digits.
std::optional<std::string> NumberInSipUser(std::string_view user);

// Immutable, and therefore thread-safe.
class DialingRules {
 public:
  // settings: valid settings, effective or as written.
  explicit DialingRules(const config::v1::Settings& settings);

  // True if this number may be shown to the person who is called. It may be given with or without
  // "+".
  bool MayShow(std::string_view number) const;

  // Why a number must not be called.
  struct Refusal {
    // The denied prefix with which the number begins. Empty means that it begins with none of the
    // allowed prefixes.
    std::string prefix;
  };
  std::optional<Refusal> WhyNotCall(std::string_view number) const;
  // Returns why the endpoint must not be called. Absent means that it may be called. A SIP user
  // name that is a number follows the same lists; names, extensions and WebRTC identities may
  // always be called.
  std::optional<Refusal> WhyNotCall(const callbridge::v1::Endpoint& endpoint) const;

  // True for the number of a route, whose calls this service answers.
  bool IsRouted(const callbridge::v1::Endpoint& endpoint) const;

  // The number with "+"; empty if none is set.
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

// Returns the telephone number that an endpoint reaches, with "+". A national number in a SIP user
// name stays as it is. Absent means that the endpoint reaches no telephone number.
std::optional<std::string> NumberOf(const callbridge::v1::Endpoint& endpoint);

// The field of an endpoint that names the destination, like "phone.number".
std::string DestinationField(const callbridge::v1::Endpoint& endpoint);

// True if both endpoints ring at one place.
bool SameDestination(const callbridge::v1::Endpoint& one, const callbridge::v1::Endpoint& other);

}  // namespace callbridge::settings
