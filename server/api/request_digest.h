// Tells a repetition of a request from a reuse of its id.
#pragma once

#include <string>

#include "callbridge/v1/bridge_service.pb.h"

namespace callbridge::api {

// Returns 32 bytes that depend on every field except validate_only.
std::string RequestDigest(v1::StartBridgeRequest request);
std::string RequestDigest(v1::UpdateLegRequest request);
// Each of these depends on the kind of request too, because they share the ids of a session.
std::string RequestDigest(v1::PlayPromptRequest request);
std::string RequestDigest(v1::StopSoundsRequest request);
std::string RequestDigest(v1::SendDigitsRequest request);
std::string RequestDigest(v1::CaptureDigitsRequest request);

}  // namespace callbridge::api
