#include "server/api/server.h"

#include <chrono>
#include <utility>

namespace callbridge::api {

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const BridgeService::Parts& parts) {
  auto service = std::make_unique<BridgeService>(parts);
  ListenOptions options;
  options.address = parts.settings.grpc().listen();
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
  const auto begin = std::chrono::steady_clock::now();
  listener_->SetNotServing();
  service_->Drain();
  // A reader that takes nothing may use half of the time; its stream is cut by the shutdown.
  service_->WaitUntilStreamsEnded(longest / 2);
  const base::Duration used = std::chrono::steady_clock::now() - begin;
  listener_->Shutdown(used < longest ? longest - used : base::Duration::zero());
}

}  // namespace callbridge::api
