#include "callbridge/client.h"

#include <absl/strings/str_format.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <cstdint>
#include <random>

#include "callbridge/deadline.h"
#include "callbridge/error_details.h"

namespace callbridge::client {
namespace {

using std::chrono::steady_clock;

std::uint64_t RandomSeed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

// Calls method(context, response) until it succeeds, fails with an error that a repetition cannot
// mend, or has no time or attempts left.
template <typename Response, typename Method>
absl::StatusOr<Response> Call(const CallOptions& options, Method method) {
  const auto end = steady_clock::now() + options.timeout;
  Backoff backoff(options.backoff, RandomSeed());
  for (int attempt = 1;; ++attempt) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now());
    grpc::ClientContext context;
    context.set_deadline(DeadlineIn(std::min(left, options.attempt_timeout)));
    std::stop_callback on_stop(options.stop, [&] { context.TryCancel(); });
    Response response;
    const absl::Status status = ToAbslStatus(method(context, response));
    if (status.ok()) return response;
    if (!absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) return status;
    const auto suggested = DetailsOf(status).retry_delay.value_or(std::chrono::milliseconds(0));
    const auto delay = std::max(backoff.Next(), suggested);
    if (attempt >= options.attempts_max || steady_clock::now() + delay >= end) return status;
    WaitFor(delay, options.stop);
  }
}

absl::Status MissingRequestId() {
  return absl::InvalidArgumentError(
      "request_id: missing; make one with MakeRequestId and keep it, so that a repetition is "
      "recognised");
}

}  // namespace

std::string MakeRequestId() {
  // These are the bits of version 4, variant 1 (RFC 4122).
  const std::uint64_t high = (RandomSeed() & ~std::uint64_t{0xF000}) | 0x4000;
  const std::uint64_t low = (RandomSeed() & ~(std::uint64_t{3} << 62)) | (std::uint64_t{2} << 62);
  return absl::StrFormat("%08x-%04x-%04x-%04x-%012x", high >> 32, (high >> 16) & 0xFFFF,
                         high & 0xFFFF, low >> 48, low & 0xFFFF'FFFF'FFFF);
}

Client::Client(const std::shared_ptr<grpc::Channel>& channel, CallOptions options)
    : stub_(v1::BridgeService::NewStub(channel)), options_(options) {}

absl::StatusOr<v1::StartBridgeResponse> Client::StartBridge(const v1::StartBridgeRequest& request) {
  if (request.request_id().empty()) return MissingRequestId();
  return Call<v1::StartBridgeResponse>(options_, [&](auto& context, auto& response) {
    return stub_->StartBridge(&context, request, &response);
  });
}

absl::StatusOr<v1::Session> Client::GetSession(std::string_view session_id) {
  v1::GetSessionRequest request;
  request.set_session_id(std::string(session_id));
  auto response = Call<v1::GetSessionResponse>(options_, [&](auto& context, auto& answer) {
    return stub_->GetSession(&context, request, &answer);
  });
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_session());
}

absl::StatusOr<v1::ListSessionsResponse> Client::ListSessions(
    const v1::ListSessionsRequest& request) {
  return Call<v1::ListSessionsResponse>(options_, [&](auto& context, auto& response) {
    return stub_->ListSessions(&context, request, &response);
  });
}

absl::StatusOr<v1::Session> Client::EndSession(std::string_view session_id,
                                               std::string_view reason) {
  v1::EndSessionRequest request;
  request.set_session_id(std::string(session_id));
  request.set_reason(std::string(reason));
  auto response = Call<v1::EndSessionResponse>(options_, [&](auto& context, auto& answer) {
    return stub_->EndSession(&context, request, &answer);
  });
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_session());
}

absl::StatusOr<v1::UpdateLegResponse> Client::UpdateLeg(const v1::UpdateLegRequest& request) {
  if (request.request_id().empty()) return MissingRequestId();
  return Call<v1::UpdateLegResponse>(options_, [&](auto& context, auto& response) {
    return stub_->UpdateLeg(&context, request, &response);
  });
}

absl::StatusOr<v1::PlayPromptResponse> Client::PlayPrompt(const v1::PlayPromptRequest& request) {
  if (request.request_id().empty()) return MissingRequestId();
  return Call<v1::PlayPromptResponse>(options_, [&](auto& context, auto& response) {
    return stub_->PlayPrompt(&context, request, &response);
  });
}

absl::StatusOr<v1::StopSoundsResponse> Client::StopSounds(const v1::StopSoundsRequest& request) {
  if (request.request_id().empty()) return MissingRequestId();
  return Call<v1::StopSoundsResponse>(options_, [&](auto& context, auto& response) {
    return stub_->StopSounds(&context, request, &response);
  });
}

absl::StatusOr<v1::SendDigitsResponse> Client::SendDigits(const v1::SendDigitsRequest& request) {
  if (request.request_id().empty()) return MissingRequestId();
  return Call<v1::SendDigitsResponse>(options_, [&](auto& context, auto& response) {
    return stub_->SendDigits(&context, request, &response);
  });
}

absl::StatusOr<v1::CaptureDigitsResponse> Client::CaptureDigits(
    const v1::CaptureDigitsRequest& request) {
  if (request.request_id().empty()) return MissingRequestId();
  return Call<v1::CaptureDigitsResponse>(options_, [&](auto& context, auto& response) {
    return stub_->CaptureDigits(&context, request, &response);
  });
}

}  // namespace callbridge::client
