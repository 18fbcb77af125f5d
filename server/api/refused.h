// A stream that was refused before it began, of any kind: it only tells why. It holds nothing, and
// deletes itself when gRPC lets go of it.
#pragma once

#include <absl/status/status.h>

#include "server/api/grpc_edge.h"

namespace callbridge::api {

// Reactor: one of gRPC's, as the method returns it.
template <typename Reactor>
class Refused final : public Reactor {
 public:
  explicit Refused(const absl::Status& status) { this->Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

}  // namespace callbridge::api
