// Which numbers may be shown and which may be called: the allow-lists of the settings, ready for
// questions. It knows nothing of plans and sessions and reads no clock.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/v1/plan.pb.h"

namespace callbridge::settings {

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
