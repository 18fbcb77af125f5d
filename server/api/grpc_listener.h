// A gRPC server on one address: credentials, keepalive, sizes, threads, health and reflection, the
// same for every service of ours. What is served on it is its user's business.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/api/health.h"
#include "server/base/clock.h"
#include "server/base/limits.h"
#include "server/base/time.h"

namespace callbridge::api {

struct ListenOptions {
  // "127.0.0.1:50051", "[::1]:0" or "unix:/run/callbridge/api.sock".
  std::string address;
  // Absent: plain text. Whether that is allowed is for the settings to say.
  std::optional<config::v1::Tls> tls = std::nullopt;
  // The files are looked at this often; a connection that is made later sees what they hold then.
  std::chrono::seconds tls_refresh = base::kCertificateRefresh;
  int request_bytes_max = base::kApiRequestBytesMax;
  // For people with grpcurl; of no use inside. It tells of BridgeService.
  bool reflection = true;
  // What the health service tells; must outlive the listener. Null: it serves until SetNotServing.
  Health* health = nullptr;
};

// How the server listens for the ingress: without reflection, and for batches of any size that an
// ingress sends.
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
  explicit GrpcListener(const ListenOptions& options);

  // Of a listener that is given none: nothing troubles it, so it needs no time.
  const base::ManualClock no_clock_{base::Time()};
  Health own_health_;
  Health& health_;
  // Health and reflection.
  std::vector<std::unique_ptr<grpc::Service>> own_services_;
  // Destroyed before what it serves.
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  bool shut_down_ = false;
};

}  // namespace callbridge::api
