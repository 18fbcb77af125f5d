#include "server/api/bridge_service.h"

#include <utility>

#include "server/api/errors.h"
#include "server/api/grpc_edge.h"
#include "server/api/session_list.h"
#include "server/api/stream_request.h"

namespace callbridge::api {

BridgeService::BridgeService(const Parts& parts)
    : store_(parts.store),
      replies_(parts.store),
      starter_(parts.store, parts.settings, parts.room, replies_, parts.clock, parts.random_bits),
      ender_(parts.store, replies_, parts.clock),
      reader_(parts.store, parts.clock, parts.settings.limits().streams_max()) {}

void BridgeService::Drain() {
  draining_ = true;
  reader_.Drain();
}

grpc::Status BridgeService::StartBridge(grpc::ServerContext* context,
                                        const v1::StartBridgeRequest* request,
                                        v1::StartBridgeResponse* response) {
  const CallCount::Call call(calls_);
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
  const CallCount::Call call(calls_);
  absl::StatusOr<v1::Session> session = FindSession(store_, *request);
  if (!session.ok()) {
    return ToGrpcStatus(session.status());
  }
  *response->mutable_session() = std::move(*session);
  return grpc::Status::OK;
}

grpc::Status BridgeService::ListSessions(grpc::ServerContext* /*context*/,
                                         const v1::ListSessionsRequest* request,
                                         v1::ListSessionsResponse* response) {
  const CallCount::Call call(calls_);
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
  const CallCount::Call call(calls_);
  absl::StatusOr<v1::Session> session = ender_.End(*request, MakeAsker(*context));
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

}  // namespace callbridge::api
