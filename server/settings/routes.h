// What the settings say about incoming calls: the number that was called leads to a bridge, an
// offer, a rejection or no action. Everything is computed at the start, so a call costs one lookup.
#pragma once

#include <absl/status/statusor.h>

#include <map>
#include <optional>
#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "server/inbox/incoming_calls.h"

namespace callbridge::settings {

// Immutable, and therefore thread-safe.
class Routes final : public inbox::IncomingCalls {
 public:
  // settings: effective settings.
  explicit Routes(const config::v1::Settings& settings);

  // Absent if the call is to be left alone. That holds for events other than a CALL_RECEIVED of the
  // default account's configuration, and for outgoing calls. It also holds for numbers without a
  // route if unrouted calls are ignored.
  std::optional<internal::v1::IncomingCall> Arrange(
      const internal::v1::ProviderEvent& event) const override;

 private:
  std::string calls_configuration_id_;
  // Arrangements by number ("+" and digits), complete except for the event.
  std::map<std::string, internal::v1::IncomingCall, std::less<>> arrangements_;
  std::optional<internal::v1::IncomingCall> unrouted_;
};

}  // namespace callbridge::settings
