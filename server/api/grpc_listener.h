// A gRPC server on one address. Credentials, keepalive, sizes, threads, health and reflection are
// the same for all our services; the caller names the services.
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
  // For example "127.0.0.1:50051", "[::1]:0" or "unix:/run/callbridge/api.sock".
  std::string address;
  // Absent means plain text. The settings decide whether that is allowed.
  std::optional<config::v1::Tls> tls = std::nullopt;
  // The interval in which the files of TLS are read. Later connections use their new content.
  std::chrono::seconds tls_refresh = base::kCertificateRefresh;
  int request_bytes_max = base::kApiRequestBytesMax;
  // Tools such as grpcurl may ask for the contract of BridgeService.
  bool reflection = true;
  // The source of the health service, which must outlive the listener. Null means SERVING until
  // SetNotServing.
  Health* health = nullptr;
};

// The options for the inbox: without reflection, and for batches of any size that an ingress sends.
ListenOptions InboxListenOptions(std::string address);

class GrpcListener {
 public:
  // Starts to listen. The services must outlive the result. INVALID_ARGUMENT means that a file of
  // TLS cannot be read, UNAVAILABLE that the address cannot be used.
  static absl::StatusOr<std::unique_ptr<GrpcListener>> Start(
      const ListenOptions& options, const std::vector<grpc::Service*>& services);
  // Shuts down at once.
  ~GrpcListener();
  GrpcListener(const GrpcListener&) = delete;
  GrpcListener& operator=(const GrpcListener&) = delete;

  // The port; 0 for a Unix socket.
  int port() const { return port_; }

  // Makes the health service answer NOT_SERVING from now on; calls are still taken.
  void SetNotServing();
  // Takes no further calls, waits up to `grace` for calls under way, then cancels them, and returns
  // when all have ended. It must not be called from a signal handler. A second call has no effect.
  void Shutdown(base::Duration grace);

 private:
  explicit GrpcListener(const ListenOptions& options);

  // The clock and the health of a listener that is given none. This health never changes by time.
  const base::ManualClock no_clock_{base::Time()};
  Health own_health_;
  Health& health_;
  // The health service and the reflection service.
  std::vector<std::unique_ptr<grpc::Service>> own_services_;
  // Destroyed before the services that it serves.
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  bool shut_down_ = false;
};

}  // namespace callbridge::api
