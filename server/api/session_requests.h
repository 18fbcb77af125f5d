// The methods that are about one session: GetSession and EndSession. An end is an input like any
// other: durable, then stepped, then answered with the session as it is after the step.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <variant>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/bridge_service.pb.h"
#include "server/base/clock.h"
#include "server/store/inbox.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// INVALID_FIELD, SESSION_NOT_FOUND, or the store's status. Thread-safe.
absl::StatusOr<v1::Session> FindSession(store::Sessions& sessions,
                                        const v1::GetSessionRequest& request);

// Thread-safe. Everything lent must outlive it.
class SessionEnder {
 public:
  SessionEnder(store::Roles<store::Inbox, store::Sessions> store, const base::Clock& clock)
      : inbox_(store.get<store::Inbox>()), sessions_(store.get<store::Sessions>()), clock_(clock) {}

  // The answer at once (it has ended), or the input whose step is to be awaited: the end is
  // durable.
  using Begun = std::variant<v1::Session, std::int64_t>;

  // INVALID_FIELD, SESSION_NOT_FOUND, or the store's status.
  absl::StatusOr<Begun> Begin(const v1::EndSessionRequest& request) const;
  // The session after the step. reply absent: no step came in time, UNAVAILABLE.
  absl::StatusOr<v1::Session> Answer(const v1::EndSessionRequest& request,
                                     const std::optional<internal::v1::Reply>& reply) const;

 private:
  store::Inbox& inbox_;
  store::Sessions& sessions_;
  const base::Clock& clock_;
};

}  // namespace callbridge::api
