// The method UpdateLeg. Pure.
#pragma once

#include <absl/status/statusor.h>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/asker.h"
#include "server/api/session_change.h"
#include "server/base/time.h"

namespace callbridge::api {

// Fails with INVALID_FIELD.
absl::StatusOr<SessionChange> CheckUpdateLeg(const v1::UpdateLegRequest& request,
                                             const Asker& asker, base::Time now);

}  // namespace callbridge::api
