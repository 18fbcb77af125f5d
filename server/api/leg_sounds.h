// The methods that let people hear a sound on request, or press keys: PlayPrompt, StopSounds,
// SendDigits and CaptureDigits. Pure.
#pragma once

#include <absl/status/statusor.h>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/asker.h"
#include "server/api/session_change.h"
#include "server/base/time.h"

namespace callbridge::api {

// Each fails with INVALID_FIELD.
absl::StatusOr<SessionChange> CheckPlayPrompt(const v1::PlayPromptRequest& request,
                                              const Asker& asker, base::Time now);
absl::StatusOr<SessionChange> CheckStopSounds(const v1::StopSoundsRequest& request,
                                              const Asker& asker, base::Time now);
absl::StatusOr<SessionChange> CheckSendDigits(const v1::SendDigitsRequest& request,
                                              const Asker& asker, base::Time now);
absl::StatusOr<SessionChange> CheckCaptureDigits(const v1::CaptureDigitsRequest& request,
                                                 const Asker& asker, base::Time now);

}  // namespace callbridge::api
