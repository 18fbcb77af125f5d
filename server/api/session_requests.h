// The methods about one session: GetSession and EndSession. EndSession is stored as an input,
// stepped, and answered with the session after the step.
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

// Fails with INVALID_FIELD, SESSION_NOT_FOUND or the store's status. Thread-safe.
absl::StatusOr<v1::Session> FindSession(store::Sessions& sessions,
                                        const v1::GetSessionRequest& request);

// Thread-safe. The parameters must outlive it.
class SessionEnder {
 public:
  SessionEnder(store::Roles<store::Inbox, store::Sessions> store, const base::Clock& clock)
      : inbox_(store.get<store::Inbox>()), sessions_(store.get<store::Sessions>()), clock_(clock) {}

  // Either the answer, because the session has ended already, or the durable input whose step is to
  // be awaited.
  using Begun = std::variant<v1::Session, std::int64_t>;

  // Fails with INVALID_FIELD, SESSION_NOT_FOUND or the store's status.
  absl::StatusOr<Begun> Begin(const v1::EndSessionRequest& request) const;
  // Returns the session after the step. If `reply` is absent, no step came in time: UNAVAILABLE.
  absl::StatusOr<v1::Session> Answer(const v1::EndSessionRequest& request,
                                     const std::optional<internal::v1::Reply>& reply) const;

 private:
  store::Inbox& inbox_;
  store::Sessions& sessions_;
  const base::Clock& clock_;
};

}  // namespace callbridge::api
