// Which numbers may be shown and which may be called: the allow-lists of the settings, ready for questions. It knows nothing
// of plans and sessions and reads no clock.
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
  // SIP and WebRTC endpoints of the account may always be called.
  std::optional<Refusal> WhyNotCall(const callbridge::v1::Endpoint& endpoint) const;

  // "+" and digits; empty: none is set.
  const std::string& default_number() const { return default_number_; }

 private:
  std::string default_number_;
  std::set<std::string, std::less<>> allowed_numbers_;
  std::vector<std::string> allowed_prefixes_;
  std::vector<std::string> denied_prefixes_;
};

}  // namespace callbridge::settings
