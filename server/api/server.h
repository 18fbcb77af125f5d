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
  // Listens on settings.grpc.listen. Everything in `parts` must outlive the result. Errors are
  // those of GrpcListener::Start.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const BridgeService::Parts& parts);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The port; 0 for a Unix socket.
  int port() const { return listener_->port(); }
  int open_streams() const { return service_->open_streams(); }

  // Stops the API, and returns when no call is under way. Health becomes NOT_SERVING, new bridges
  // and streams are refused, and streams end with CLOSING and a token. Then the remaining calls
  // end, or are cancelled when `longest` has passed.
  //
  // Afterwards it waits up to half a second for clients that stay connected, also with a health
  // watch or a reflection stream. The worker must run until it returns, because calls wait for
  // replies. It must not be called from a signal handler.
  void Drain(base::Duration longest);

 private:
  Server(std::unique_ptr<BridgeService> service, std::unique_ptr<GrpcListener> listener);

  // Declared before the listener, which is destroyed first, because the service must outlive the
  // calls.
  std::unique_ptr<BridgeService> service_;
  std::unique_ptr<GrpcListener> listener_;
};

}  // namespace callbridge::api
