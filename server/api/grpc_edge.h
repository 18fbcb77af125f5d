// The boundary between gRPC and our own types: gRPC's context becomes an Asker, and our errors
// become gRPC's status. The code in this folder that makes decisions does not depend on gRPC.
#pragma once

#include <absl/status/status.h>
#include <grpc/support/time.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "server/api/asker.h"
#include "server/base/time.h"

namespace callbridge::api {

// Fills in everything except `cancelled`, which the call's owner sets.
Asker MakeAsker(const grpc::ServerContextBase& context);

// Returns a moment for gRPC's alarms and for the end of a wait. It uses the monotonic clock, so
// that setting the system's clock does not move it.
gpr_timespec SteadyIn(base::Duration delay);

// The status of a call whose client no longer waits for the answer.
grpc::Status CallerGone();

// Returns the status that gRPC sends. A status without details comes from the store and is logged:
// DATA_LOSS becomes STORE_DAMAGED, and any other status STORE_UNAVAILABLE.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace callbridge::api
