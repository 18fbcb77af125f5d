#include "server/api/bridge_service.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "server/api/errors.h"
#include "server/api/leg_sounds.h"
#include "server/api/session_list.h"
#include "server/api/stream_request.h"
#include "server/api/update_leg.h"

namespace callbridge::api {
namespace {

// Most answers have no warnings.
template <typename Response>
void AddWarnings(const SessionChanger::Answered&, Response&) {}

void AddWarnings(const SessionChanger::Answered& answered, v1::PlayPromptResponse& response) {
  response.mutable_warnings()->Add(answered.warnings.begin(), answered.warnings.end());
}

void AddWarnings(const SessionChanger::Answered& answered, v1::CaptureDigitsResponse& response) {
  response.mutable_warnings()->Add(answered.warnings.begin(), answered.warnings.end());
}

}  // namespace

BridgeService::BridgeService(const Parts& parts)
    : sessions_(parts.store.get<store::Sessions>()),
      starter_(parts.store, parts.settings, parts.room, parts.clock, parts.random_bits),
      ender_(parts.store, parts.clock),
      changer_(parts.store),
      clock_(parts.clock),
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

template <typename Request, typename Response>
grpc::ServerUnaryReactor* BridgeService::Change(
    grpc::CallbackServerContext* context, const Request* request, Response* response,
    absl::StatusOr<SessionChange> (*check)(const Request&, const Asker&, base::Time)) {
  auto claim = std::make_shared<SessionChanger::Claim>();
  const auto fill = [response](SessionChanger::Answered answered) {
    *response->mutable_session() = std::move(answered.session);
    response->set_replayed(answered.replayed);
    AddWarnings(answered, *response);
  };
  const auto begin = [this, request, check, fill,
                      claim](const Asker& asker) -> absl::StatusOr<std::optional<std::int64_t>> {
    if (draining_) {
      return Draining();
    }
    absl::StatusOr<SessionChange> change = check(*request, asker, clock_.Now());
    if (!change.ok()) {
      return change.status();
    }
    absl::StatusOr<SessionChanger::Begun> begun = changer_.Begin(*std::move(change));
    if (!begun.ok()) {
      return begun.status();
    }
    if (auto* preview = std::get_if<SessionChanger::Answered>(&*begun)) {
      fill(std::move(*preview));
      return std::nullopt;
    }
    *claim = std::get<SessionChanger::Claim>(std::move(*begun));
    return claim->input_id;
  };
  const auto answer = [this, fill,
                       claim](const std::optional<internal::v1::Reply>& reply) -> absl::Status {
    absl::StatusOr<SessionChanger::Answered> answered = changer_.Answer(*claim, reply);
    if (!answered.ok()) {
      return answered.status();
    }
    fill(*std::move(answered));
    return absl::OkStatus();
  };
  return UnaryCall::Begin(context, lent(), writes_, {begin, answer});
}

grpc::ServerUnaryReactor* BridgeService::UpdateLeg(grpc::CallbackServerContext* context,
                                                   const v1::UpdateLegRequest* request,
                                                   v1::UpdateLegResponse* response) {
  return Change(context, request, response, CheckUpdateLeg);
}

grpc::ServerUnaryReactor* BridgeService::PlayPrompt(grpc::CallbackServerContext* context,
                                                    const v1::PlayPromptRequest* request,
                                                    v1::PlayPromptResponse* response) {
  return Change(context, request, response, CheckPlayPrompt);
}

grpc::ServerUnaryReactor* BridgeService::StopSounds(grpc::CallbackServerContext* context,
                                                    const v1::StopSoundsRequest* request,
                                                    v1::StopSoundsResponse* response) {
  return Change(context, request, response, CheckStopSounds);
}

grpc::ServerUnaryReactor* BridgeService::SendDigits(grpc::CallbackServerContext* context,
                                                    const v1::SendDigitsRequest* request,
                                                    v1::SendDigitsResponse* response) {
  return Change(context, request, response, CheckSendDigits);
}

grpc::ServerUnaryReactor* BridgeService::CaptureDigits(grpc::CallbackServerContext* context,
                                                       const v1::CaptureDigitsRequest* request,
                                                       v1::CaptureDigitsResponse* response) {
  return Change(context, request, response, CheckCaptureDigits);
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

grpc::ServerWriteReactor<v1::StreamEventsResponse>* BridgeService::StreamEvents(
    grpc::CallbackServerContext* context, const v1::StreamEventsRequest* request) {
  absl::StatusOr<StreamWish> wish = ReadStreamRequest(*request);
  if (!wish.ok()) {
    return new RefusedEvents(wish.status());
  }
  return reader_.Open(context, std::move(*wish));
}

}  // namespace callbridge::api
