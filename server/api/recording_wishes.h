// The methods StartRecording and StopRecording. Pure.
#pragma once

#include <absl/status/statusor.h>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/asker.h"
#include "server/api/session_change.h"
#include "server/base/time.h"

namespace callbridge::api {

// Each fails with INVALID_FIELD.
absl::StatusOr<SessionChange> CheckStartRecording(const v1::StartRecordingRequest& request,
                                                  const Asker& asker, base::Time now);
absl::StatusOr<SessionChange> CheckStopRecording(const v1::StopRecordingRequest& request,
                                                 const Asker& asker, base::Time now);

}  // namespace callbridge::api
