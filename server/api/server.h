// The public API as one part of the process: the service, its listener, and the order in which they
// stop.
#pragma once

#include <absl/status/statusor.h>

#include <memory>

#include "server/api/bridge_service.h"
#include "server/api/grpc_listener.h"
#include "server/base/time.h"

namespace callbridge::api {

class Server {
 public:
  // Listens on settings.grpc.listen. Everything in parts must outlive the result. Errors: as
  // GrpcListener::Start.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const BridgeService::Parts& parts);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // 0 for a Unix socket.
  int port() const { return listener_->port(); }
  int open_streams() const { return service_->open_streams(); }

  // Health NOT_SERVING, no new bridges and streams, streams end with CLOSING and a token, then the
  // rest of the calls ends or is cancelled when the time is over. When all have ended, clients that
  // stay connected, also with a health watch or a reflection stream, are waited for half a second
  // at most. Returns when nothing is under way. The worker must run until it returns, because calls
  // wait for replies. Not from a signal handler.
  void Drain(base::Duration longest);

 private:
  Server(std::unique_ptr<BridgeService> service, std::unique_ptr<GrpcListener> listener);

  // The listener is destroyed first: the service must outlive the calls.
  std::unique_ptr<BridgeService> service_;
  std::unique_ptr<GrpcListener> listener_;
};

}  // namespace callbridge::api
