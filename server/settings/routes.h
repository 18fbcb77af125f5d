// What the settings say about incoming calls: from the number that was called to a bridge, an
// offer, a rejection or nothing. Everything is worked out at the start; a call costs one lookup. It
// knows nothing of sessions and talks to nobody.
#pragma once

#include <absl/status/statusor.h>

#include <map>
#include <optional>
#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "server/inbox/incoming_calls.h"

namespace callbridge::settings {

// Immutable, so thread-safe.
class Routes final : public inbox::IncomingCalls {
 public:
  // Takes effective settings.
  explicit Routes(const config::v1::Settings& settings);

  // Absent for events other than a CALL_RECEIVED of the default account's configuration, for
  // outgoing calls, and for numbers without a route when unrouted calls are ignored.
  std::optional<internal::v1::IncomingCall> Arrange(
      const internal::v1::ProviderEvent& event) const override;

 private:
  std::string calls_configuration_id_;
  // By "+" and digits; complete but for the event.
  std::map<std::string, internal::v1::IncomingCall, std::less<>> arrangements_;
  std::optional<internal::v1::IncomingCall> unrouted_;
};

}  // namespace callbridge::settings
