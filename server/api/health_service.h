// gRPC's health protocol for a Health: Check answers at once, and Watch reports each change. One
// thread reads the Health, so that a part that hangs is noticed. Another thread asks the store, so
// that a store that hangs does not stop the first.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "server/api/health.h"

namespace callbridge::api {

class HealthWatch;

// Thread-safe. The gRPC server must stop before this object is destroyed.
class HealthService final : public grpc::health::v1::Health::CallbackService {
 public:
  // health must outlive the service.
  explicit HealthService(Health& health);
  ~HealthService() override;

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const grpc::health::v1::HealthCheckRequest* request,
                                  grpc::health::v1::HealthCheckResponse* response) override;
  grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
      grpc::CallbackServerContext* context,
      const grpc::health::v1::HealthCheckRequest* request) override;

 private:
  void AskStore(const std::stop_token& stop);
  void TellWatches(const std::stop_token& stop);
  void Forget(const HealthWatch* watch);

  Health& health_;
  absl::Mutex mutex_;
  std::vector<std::shared_ptr<HealthWatch>> watches_ ABSL_GUARDED_BY(mutex_);
  std::jthread asker_;
  std::jthread teller_;
};

}  // namespace callbridge::api
