// The unary methods of the service with what every caller needs: a deadline on each attempt,
// repetition where it is safe, and errors with their details. It keeps no state except the channel;
// subscriber.h has the subscriptions.
#pragma once

#include <absl/status/statusor.h>
#include <grpcpp/channel.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "callbridge/backoff.h"
#include "callbridge/limits.h"
#include "callbridge/v1/bridge_service.grpc.pb.h"

namespace callbridge::client {

// How the client makes its calls.
struct CallOptions {
  // The time for a call with all its repetitions.
  std::chrono::milliseconds timeout = kCallTimeout;
  // The time for one attempt.
  std::chrono::milliseconds attempt_timeout = kAttemptTimeout;
  // How many times a call is attempted.
  int attempts_max = kAttemptsMax;
  // The delays between two attempts.
  BackoffOptions backoff;
  // Ends calls in progress with CANCELLED.
  std::stop_token stop;
};

// Returns a new request_id (a UUID). Make it before the first attempt and store it with your own
// record, because the same id never dials twice.
std::string MakeRequestId();

// Thread-safe. Errors carry details (error_details.h). UNAVAILABLE and an attempt's own
// DEADLINE_EXCEEDED are repeated within the call's timeout. That is safe, because StartBridge is
// recognised by its request_id, as every method with one is, and the others may be repeated.
class Client {
 public:
  explicit Client(const std::shared_ptr<grpc::Channel>& channel, CallOptions options = {});

  // Starts a bridge. Without a request_id it returns INVALID_ARGUMENT and sends no request, because
  // the request could not be repeated.
  absl::StatusOr<v1::StartBridgeResponse> StartBridge(const v1::StartBridgeRequest& request);
  // Returns one session.
  absl::StatusOr<v1::Session> GetSession(std::string_view session_id);
  // Returns one page.
  absl::StatusOr<v1::ListSessionsResponse> ListSessions(const v1::ListSessionsRequest& request);
  // Requests the end, and returns when the wish is stored, which takes up to 20 s. Ending an ended
  // session is OK.
  absl::StatusOr<v1::Session> EndSession(std::string_view session_id, std::string_view reason);
  // Mutes, unmutes, deafens or undeafens a leg, and returns when the wish is stored. Without a
  // request_id it returns INVALID_ARGUMENT and sends no request, as StartBridge.
  absl::StatusOr<v1::UpdateLegResponse> UpdateLeg(const v1::UpdateLegRequest& request);
  // Says or plays a prompt to people in the conference, and returns when the wish is stored. As
  // UpdateLeg without a request_id.
  absl::StatusOr<v1::PlayPromptResponse> PlayPrompt(const v1::PlayPromptRequest& request);
  // Ends the sounds and captures that clients asked for. As UpdateLeg without a request_id.
  absl::StatusOr<v1::StopSoundsResponse> StopSounds(const v1::StopSoundsRequest& request);
  // Sends keys on the call of a leg. As UpdateLeg without a request_id.
  absl::StatusOr<v1::SendDigitsResponse> SendDigits(const v1::SendDigitsRequest& request);
  // Captures the keys that a person presses. As UpdateLeg without a request_id.
  absl::StatusOr<v1::CaptureDigitsResponse> CaptureDigits(const v1::CaptureDigitsRequest& request);
  // Records a session, or stops, and returns when the wish is stored. As UpdateLeg without a
  // request_id.
  absl::StatusOr<v1::StartRecordingResponse> StartRecording(
      const v1::StartRecordingRequest& request);
  absl::StatusOr<v1::StopRecordingResponse> StopRecording(const v1::StopRecordingRequest& request);
  // Returns one page.
  absl::StatusOr<v1::ListRecordingsResponse> ListRecordings(
      const v1::ListRecordingsRequest& request);

 private:
  std::unique_ptr<v1::BridgeService::Stub> stub_;
  CallOptions options_;
};

}  // namespace callbridge::client
