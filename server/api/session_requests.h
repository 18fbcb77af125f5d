// The methods that are about one session: GetSession and EndSession. An end is an input like any
// other: durable, then stepped, then answered with the session as it is after the step.
#pragma once

#include <absl/status/statusor.h>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/asker.h"
#include "server/api/reply_waiter.h"
#include "server/base/clock.h"
#include "server/store/store.h"

namespace callbridge::api {

// INVALID_FIELD, SESSION_NOT_FOUND, or the store's status. Thread-safe.
absl::StatusOr<v1::Session> FindSession(store::Store& store, const v1::GetSessionRequest& request);

// Thread-safe. Everything lent must outlive it.
class SessionEnder {
 public:
  SessionEnder(store::Store& store, const ReplyWaiter& replies, const base::Clock& clock)
      : store_(store), replies_(replies), clock_(clock) {}

  // INVALID_FIELD, SESSION_NOT_FOUND, or the store's status. NOT_BEGUN_YET: durable, and no worker has
  // come to it while the asker waited.
  absl::StatusOr<v1::Session> End(const v1::EndSessionRequest& request, const Asker& asker);

 private:
  store::Store& store_;
  const ReplyWaiter& replies_;
  const base::Clock& clock_;
};

}  // namespace callbridge::api
