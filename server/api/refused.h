// A stream of any kind that was refused before it began. It tells the reason, and deletes itself
// when gRPC lets go of it.
#pragma once

#include <absl/status/status.h>

#include "server/api/grpc_edge.h"

namespace callbridge::api {

// Reactor is the class of gRPC that the method returns.
template <typename Reactor>
class Refused final : public Reactor {
 public:
  explicit Refused(const absl::Status& status) { this->Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

}  // namespace callbridge::api
