// A gRPC server on one address, with credentials, keepalive, sizes, threads, health and reflection
// that are the same for all our services. Its user says what it serves.
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
  // Absent: plain text. The settings decide whether that is allowed.
  std::optional<config::v1::Tls> tls = std::nullopt;
  // How often the files are read. A later connection sees what they hold then.
  std::chrono::seconds tls_refresh = base::kCertificateRefresh;
  int request_bytes_max = base::kApiRequestBytesMax;
  // Whether tools such as grpcurl may ask for the contract. It tells of BridgeService.
  bool reflection = true;
  // What the health service tells. It must outlive the listener. Null: SERVING until SetNotServing.
  Health* health = nullptr;
};

// How the server listens for the ingress: without reflection, and for batches of any size that an
// ingress sends.
ListenOptions InboxListenOptions(std::string address);

class GrpcListener {
 public:
  // Starts to listen. The services must outlive the result. INVALID_ARGUMENT: a file of TLS cannot
  // be read. UNAVAILABLE: the address cannot be used.
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
  // Takes no further calls, waits up to `grace` for those under way, then cancels them, and returns
  // when all have ended. Not for a signal handler. A second call does nothing.
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
