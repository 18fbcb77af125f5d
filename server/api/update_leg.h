// The method UpdateLeg. A request becomes an input, and the flow says whether it takes it.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <variant>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/asker.h"
#include "server/base/clock.h"
#include "server/store/inbox.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// Thread-safe. The parameters must outlive it.
class LegUpdater {
 public:
  LegUpdater(store::Roles<store::Inbox, store::Sessions> store, const base::Clock& clock)
      : inbox_(store.get<store::Inbox>()), sessions_(store.get<store::Sessions>()), clock_(clock) {}

  // A durable input that owns the request_id.
  struct Claim {
    std::int64_t input_id = 0;
    bool replayed = false;
  };
  // Either the answer (validate_only), or the input whose step is to be awaited.
  using Begun = std::variant<v1::UpdateLegResponse, Claim>;

  // Fails with INVALID_FIELD, SESSION_NOT_FOUND, REQUEST_ID_REUSED, the store's status, or, for
  // validate_only, as Answer.
  absl::StatusOr<Begun> Begin(const v1::UpdateLegRequest& request, const Asker& asker) const;
  // Fails with LEG_NOT_FOUND, LEG_OVER, SESSION_OVER, TOO_MANY_REQUESTS, the store's status, or
  // UNAVAILABLE if no step came in time (`reply` is absent).
  absl::StatusOr<v1::UpdateLegResponse> Answer(
      const v1::UpdateLegRequest& request, const Claim& claim,
      const std::optional<internal::v1::Reply>& reply) const;

 private:
  // Steps a copy of the session to learn what the flow would answer.
  absl::StatusOr<v1::UpdateLegResponse> Preview(const v1::UpdateLegRequest& request,
                                                const internal::v1::Input& input) const;

  store::Inbox& inbox_;
  store::Sessions& sessions_;
  const base::Clock& clock_;
};

}  // namespace callbridge::api
