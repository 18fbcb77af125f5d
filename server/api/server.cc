#include "server/api/server.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace callbridge::api {
namespace {

// How long the last answers may take to leave. An idle C++ client may read the goodbye up to 5 s
// later, which needs no wait.
constexpr std::chrono::milliseconds kGoodbye{500};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const BridgeService::Parts& parts) {
  auto service = std::make_unique<BridgeService>(parts);
  ListenOptions options;
  options.address = parts.settings.grpc().listen();
  options.health = parts.health;
  if (parts.settings.grpc().has_tls()) {
    options.tls = parts.settings.grpc().tls();
  }
  absl::StatusOr<std::unique_ptr<GrpcListener>> listener =
      GrpcListener::Start(options, {service.get()});
  if (!listener.ok()) {
    return listener.status();
  }
  return std::unique_ptr<Server>(new Server(std::move(service), std::move(*listener)));
}

Server::Server(std::unique_ptr<BridgeService> service, std::unique_ptr<GrpcListener> listener)
    : service_(std::move(service)), listener_(std::move(listener)) {}

Server::~Server() = default;

void Server::Drain(base::Duration longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  const auto left = [&] {
    return std::max<base::Duration>(end - std::chrono::steady_clock::now(), base::Duration::zero());
  };
  listener_->SetNotServing();
  service_->Drain();
  // Streams may use half of the time. Then the shutdown cuts a stream whose reader takes no
  // message.
  const bool streams_ended = service_->WaitUntilStreamsEnded(longest / 2);
  const bool answered = service_->WaitUntilAnswered(left());
  listener_->Shutdown(streams_ended && answered ? std::min<base::Duration>(left(), kGoodbye)
                                                : left());
}

}  // namespace callbridge::api
