// Makes the requests of say, play, stop-sounds, digits and capture from flags of the command line,
// without their session_id. The request_id is made up if none was given. Pure. What only the server
// can check (lengths, keys) is left to it.
#pragma once

#include <absl/status/statusor.h>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/base/arguments.h"

namespace callbridge::cli {

absl::StatusOr<v1::PlayPromptRequest> MakeSayRequest(const base::Arguments& arguments);
absl::StatusOr<v1::PlayPromptRequest> MakePlayRequest(const base::Arguments& arguments);
absl::StatusOr<v1::StopSoundsRequest> MakeStopSoundsRequest(const base::Arguments& arguments);
absl::StatusOr<v1::SendDigitsRequest> MakeDigitsRequest(const base::Arguments& arguments);
absl::StatusOr<v1::CaptureDigitsRequest> MakeCaptureRequest(const base::Arguments& arguments);

}  // namespace callbridge::cli
