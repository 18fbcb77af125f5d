#include "server/api/bridge_service.h"

#include <absl/strings/str_format.h>

#include <optional>
#include <utility>
#include <vector>

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/api/session_list.h"
#include "server/api/stream_request.h"
#include "server/base/limits.h"
#include "server/flow/public_view.h"

namespace callbridge::api {

BridgeService::BridgeService(const Parts& parts)
    : store_(parts.store),
      clock_(parts.clock),
      replies_(parts.store),
      starter_(Room{parts.store, parts.settings, parts.free_disk_bytes}, replies_, parts.clock,
               parts.random_bits),
      reader_(parts.store, parts.clock, parts.settings.limits().streams_max()) {}

void BridgeService::Drain() {
  draining_ = true;
  reader_.Drain();
}

grpc::Status BridgeService::StartBridge(grpc::ServerContext* context,
                                        const v1::StartBridgeRequest* request,
                                        v1::StartBridgeResponse* response) {
  if (draining_) {
    return ToGrpcStatus(Draining());
  }
  absl::StatusOr<v1::StartBridgeResponse> result = starter_.Start(*request, MakeAsker(*context));
  if (!result.ok()) {
    return ToGrpcStatus(result.status());
  }
  *response = std::move(*result);
  return grpc::Status::OK;
}

grpc::Status BridgeService::GetSession(grpc::ServerContext* /*context*/,
                                       const v1::GetSessionRequest* request,
                                       v1::GetSessionResponse* response) {
  absl::StatusOr<v1::Session> session = Find(*request);
  if (!session.ok()) {
    return ToGrpcStatus(session.status());
  }
  *response->mutable_session() = std::move(*session);
  return grpc::Status::OK;
}

grpc::Status BridgeService::ListSessions(grpc::ServerContext* /*context*/,
                                         const v1::ListSessionsRequest* request,
                                         v1::ListSessionsResponse* response) {
  absl::StatusOr<v1::ListSessionsResponse> result = api::ListSessions(store_, *request);
  if (!result.ok()) {
    return ToGrpcStatus(result.status());
  }
  *response = std::move(*result);
  return grpc::Status::OK;
}

grpc::Status BridgeService::EndSession(grpc::ServerContext* context,
                                       const v1::EndSessionRequest* request,
                                       v1::EndSessionResponse* response) {
  absl::StatusOr<v1::Session> session = End(*request, MakeAsker(*context));
  if (!session.ok()) {
    return ToGrpcStatus(session.status());
  }
  *response->mutable_session() = std::move(*session);
  return grpc::Status::OK;
}

grpc::ServerWriteReactor<v1::StreamEventsResponse>* BridgeService::StreamEvents(
    grpc::CallbackServerContext* context, const v1::StreamEventsRequest* request) {
  absl::StatusOr<StreamWish> wish = ReadStreamRequest(*request);
  if (!wish.ok()) {
    return new RefusedStream(wish.status());
  }
  return reader_.Open(context, std::move(*wish));
}

absl::StatusOr<v1::Session> BridgeService::Find(const v1::GetSessionRequest& request) {
  settings::Findings findings;
  CheckSessionId("session_id", request.session_id(), findings);
  if (!findings.violations.empty()) {
    return InvalidFields(std::move(findings.violations));
  }
  const absl::StatusOr<internal::v1::Session> session = store_.GetSession(request.session_id());
  if (absl::IsNotFound(session.status())) {
    return SessionNotFound(request.session_id());
  }
  if (!session.ok()) {
    return session.status();
  }
  return flow::PublicView(*session);
}

absl::StatusOr<v1::Session> BridgeService::End(const v1::EndSessionRequest& request,
                                               const Asker& asker) {
  settings::Findings findings;
  CheckSessionId("session_id", request.session_id(), findings);
  if (request.reason().size() > base::kEndReasonBytesMax) {
    findings.Refuse("reason",
                    absl::StrFormat("must be at most %d bytes", base::kEndReasonBytesMax));
  }
  if (!findings.violations.empty()) {
    return InvalidFields(std::move(findings.violations));
  }
  const absl::StatusOr<internal::v1::Session> before = store_.GetSession(request.session_id());
  if (before.ok() && before->has_ended()) {
    return flow::PublicView(*before);
  }
  // NOT_FOUND goes on: a session may be stored and not stepped yet.
  if (!before.ok() && !absl::IsNotFound(before.status())) {
    return before.status();
  }
  const base::Time now = clock_.Now();
  std::vector<store::NewInput> inputs(1);
  *inputs[0].input.mutable_receive_time() = base::ToTimestamp(now);
  inputs[0].input.mutable_end_session()->set_reason(request.reason());
  inputs[0].session_id = request.session_id();
  const absl::StatusOr<std::vector<store::Appended>> appended = store_.AppendInputs(inputs, now);
  if (!appended.ok()) {
    return appended.status();
  }
  if (appended->size() != 1 || appended->front().result != store::Appended::Result::kStored) {
    return SessionNotFound(request.session_id());
  }
  const absl::StatusOr<std::optional<internal::v1::Reply>> reply =
      replies_.Wait(appended->front().input_id, asker);
  if (!reply.ok()) {
    return reply.status();
  }
  if (!reply->has_value()) {
    return NotBegunYet();
  }
  const absl::StatusOr<internal::v1::Session> after = store_.GetSession(request.session_id());
  if (!after.ok()) {
    return after.status();
  }
  return flow::PublicView(*after);
}

}  // namespace callbridge::api
