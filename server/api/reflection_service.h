// gRPC's reflection protocol, with which tools call us without the protos. It lists our services
// and the files that describe them, with the JSON names that the tools print. Its two published
// versions differ only in their package. Streams hold no thread, are limited in number and end
// after a while, even if their client reads no message.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "server/base/limits.h"
#include "server/base/time.h"

namespace callbridge::api {

struct ReflectionV1 {
  using Service = grpc::reflection::v1::ServerReflection::CallbackService;
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
};

struct ReflectionV1Alpha {
  using Service = grpc::reflection::v1alpha::ServerReflection::CallbackService;
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;
};

// Thread-safe. The gRPC server must stop before it is destroyed. Version is one of the two above.
template <typename Version>
class ReflectionService final : public Version::Service {
 public:
  // services: full names, like "callbridge.v1.BridgeService". age_max: how long a stream may be
  // open.
  explicit ReflectionService(std::vector<std::string> services,
                             base::Duration age_max = base::kReflectionAgeMax);

  // The number of streams that gRPC has not let go of.
  int open_streams() const { return *open_streams_; }

  grpc::ServerBidiReactor<typename Version::Request, typename Version::Response>*
  ServerReflectionInfo(grpc::CallbackServerContext* context) override;

 private:
  const std::vector<std::string> services_;
  const base::Duration age_max_;
  // The streams share it.
  const std::shared_ptr<std::atomic<int>> open_streams_;
};

extern template class ReflectionService<ReflectionV1>;
extern template class ReflectionService<ReflectionV1Alpha>;

}  // namespace callbridge::api
