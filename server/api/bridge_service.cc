#include "server/api/bridge_service.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "server/api/errors.h"
#include "server/api/recording_list.h"
#include "server/api/session_list.h"
#include "server/api/stream_request.h"

namespace callbridge::api {

BridgeService::BridgeService(const Parts& parts)
    : sessions_(parts.store.get<store::Sessions>()),
      starter_(parts.store, parts.settings, parts.room, parts.clock, parts.random_bits),
      ender_(parts.store, parts.clock),
      updater_(parts.store, parts.clock),
      reader_(parts.store, parts.clock, parts.settings.limits().streams_max()),
      replies_(parts.store) {}

void BridgeService::Drain() {
  draining_ = true;
  reader_.Drain();
}

grpc::ServerUnaryReactor* BridgeService::StartBridge(grpc::CallbackServerContext* context,
                                                     const v1::StartBridgeRequest* request,
                                                     v1::StartBridgeResponse* response) {
  auto claim = std::make_shared<BridgeStarter::Claim>();
  const auto begin = [this, request, response,
                      claim](const Asker& asker) -> absl::StatusOr<std::optional<std::int64_t>> {
    if (draining_) {
      return Draining();
    }
    absl::StatusOr<BridgeStarter::Begun> begun = starter_.Begin(*request, asker);
    if (!begun.ok()) {
      return begun.status();
    }
    if (auto* preview = std::get_if<v1::StartBridgeResponse>(&*begun)) {
      *response = std::move(*preview);
      return std::nullopt;
    }
    *claim = std::get<BridgeStarter::Claim>(std::move(*begun));
    return claim->input_id;
  };
  const auto answer = [this, response,
                       claim](const std::optional<internal::v1::Reply>& reply) -> absl::Status {
    absl::StatusOr<v1::StartBridgeResponse> answered = starter_.Answer(*claim, reply);
    if (!answered.ok()) {
      return answered.status();
    }
    *response = *std::move(answered);
    return absl::OkStatus();
  };
  return UnaryCall::Begin(context, lent(), writes_, {begin, answer});
}

grpc::ServerUnaryReactor* BridgeService::EndSession(grpc::CallbackServerContext* context,
                                                    const v1::EndSessionRequest* request,
                                                    v1::EndSessionResponse* response) {
  const auto begin = [this, request,
                      response](const Asker&) -> absl::StatusOr<std::optional<std::int64_t>> {
    absl::StatusOr<SessionEnder::Begun> begun = ender_.Begin(*request);
    if (!begun.ok()) {
      return begun.status();
    }
    if (auto* ended = std::get_if<v1::Session>(&*begun)) {
      *response->mutable_session() = std::move(*ended);
      return std::nullopt;
    }
    return std::get<std::int64_t>(*begun);
  };
  const auto answer = [this, request,
                       response](const std::optional<internal::v1::Reply>& reply) -> absl::Status {
    absl::StatusOr<v1::Session> session = ender_.Answer(*request, reply);
    if (!session.ok()) {
      return session.status();
    }
    *response->mutable_session() = *std::move(session);
    return absl::OkStatus();
  };
  return UnaryCall::Begin(context, lent(), writes_, {begin, answer});
}

grpc::ServerUnaryReactor* BridgeService::UpdateLeg(grpc::CallbackServerContext* context,
                                                   const v1::UpdateLegRequest* request,
                                                   v1::UpdateLegResponse* response) {
  auto claim = std::make_shared<LegUpdater::Claim>();
  const auto begin = [this, request, response,
                      claim](const Asker& asker) -> absl::StatusOr<std::optional<std::int64_t>> {
    if (draining_) {
      return Draining();
    }
    absl::StatusOr<LegUpdater::Begun> begun = updater_.Begin(*request, asker);
    if (!begun.ok()) {
      return begun.status();
    }
    if (auto* preview = std::get_if<v1::UpdateLegResponse>(&*begun)) {
      *response = std::move(*preview);
      return std::nullopt;
    }
    *claim = std::get<LegUpdater::Claim>(*begun);
    return claim->input_id;
  };
  const auto answer = [this, request, response,
                       claim](const std::optional<internal::v1::Reply>& reply) -> absl::Status {
    absl::StatusOr<v1::UpdateLegResponse> answered = updater_.Answer(*request, *claim, reply);
    if (!answered.ok()) {
      return answered.status();
    }
    *response = *std::move(answered);
    return absl::OkStatus();
  };
  return UnaryCall::Begin(context, lent(), writes_, {begin, answer});
}

grpc::ServerUnaryReactor* BridgeService::GetSession(grpc::CallbackServerContext* context,
                                                    const v1::GetSessionRequest* request,
                                                    v1::GetSessionResponse* response) {
  const auto begin = [this, request,
                      response](const Asker&) -> absl::StatusOr<std::optional<std::int64_t>> {
    absl::StatusOr<v1::Session> session = FindSession(sessions_, *request);
    if (!session.ok()) {
      return session.status();
    }
    *response->mutable_session() = *std::move(session);
    return std::nullopt;
  };
  return UnaryCall::Begin(context, lent(), reads_, {begin});
}

grpc::ServerUnaryReactor* BridgeService::ListSessions(grpc::CallbackServerContext* context,
                                                      const v1::ListSessionsRequest* request,
                                                      v1::ListSessionsResponse* response) {
  const auto begin = [this, request,
                      response](const Asker& asker) -> absl::StatusOr<std::optional<std::int64_t>> {
    absl::StatusOr<v1::ListSessionsResponse> listed = api::ListSessions(sessions_, *request, asker);
    if (!listed.ok()) {
      return listed.status();
    }
    *response = *std::move(listed);
    return std::nullopt;
  };
  return UnaryCall::Begin(context, lent(&listings_), lists_, {begin});
}

grpc::ServerUnaryReactor* BridgeService::ListRecordings(grpc::CallbackServerContext* context,
                                                        const v1::ListRecordingsRequest* request,
                                                        v1::ListRecordingsResponse* response) {
  const auto begin = [this, request,
                      response](const Asker& asker) -> absl::StatusOr<std::optional<std::int64_t>> {
    absl::StatusOr<v1::ListRecordingsResponse> listed =
        api::ListRecordings(sessions_, *request, asker);
    if (!listed.ok()) {
      return listed.status();
    }
    *response = *std::move(listed);
    return std::nullopt;
  };
  return UnaryCall::Begin(context, lent(&listings_), lists_, {begin});
}

grpc::ServerWriteReactor<v1::StreamEventsResponse>* BridgeService::StreamEvents(
    grpc::CallbackServerContext* context, const v1::StreamEventsRequest* request) {
  absl::StatusOr<StreamWish> wish = ReadStreamRequest(*request);
  if (!wish.ok()) {
    return new RefusedEvents(wish.status());
  }
  return reader_.Open(context, std::move(*wish));
}

}  // namespace callbridge::api
