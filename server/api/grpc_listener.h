// A gRPC server on one address: credentials, keepalive, sizes, threads, health and reflection, the
// same for every service of ours. What is served on it is its user's business.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/limits.h"
#include "server/base/time.h"

namespace callbridge::api {

struct ListenOptions {
  // "127.0.0.1:50051", "[::1]:0" or "unix:/run/callbridge/api.sock".
  std::string address;
  // Absent: plain text. Whether that is allowed is for the settings to say.
  std::optional<config::v1::Tls> tls = std::nullopt;
  int request_bytes_max = base::kApiRequestBytesMax;
  // For people with grpcurl; of no use inside.
  bool reflection = true;
};

// How the server listens for the ingress: without reflection, and for batches of any size that an ingress sends.
ListenOptions InboxListenOptions(std::string address);

class GrpcListener {
 public:
  // Listens. The services must outlive the result. INVALID_ARGUMENT: a file of TLS cannot be read.
  // UNAVAILABLE: the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<GrpcListener>> Start(
      const ListenOptions& options, const std::vector<grpc::Service*>& services);
  // Shuts down at once.
  ~GrpcListener();
  GrpcListener(const GrpcListener&) = delete;
  GrpcListener& operator=(const GrpcListener&) = delete;

  // 0 for a Unix socket.
  int port() const { return port_; }

  // Health answers NOT_SERVING from now on; calls are still taken.
  void SetNotServing();
  // Takes no more calls, gives those under way so long, then cancels them; returns when all have
  // ended. Not from a signal handler. Repetitions do nothing.
  void Shutdown(base::Duration grace);

 private:
  GrpcListener(std::unique_ptr<grpc::Server> server, int port);

  std::unique_ptr<grpc::Server> server_;
  const int port_;
  bool shut_down_ = false;
};

}  // namespace callbridge::api
