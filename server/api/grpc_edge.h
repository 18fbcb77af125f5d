// The edge between gRPC and our own types: what gRPC tells of a request becomes an Asker, and our
// errors become gRPC's status. Everything else in this folder that decides something knows no gRPC.
#pragma once

#include <absl/status/status.h>
#include <grpc/support/time.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "server/api/asker.h"
#include "server/base/time.h"

namespace callbridge::api {

// Fills in everything except `cancelled`, which the call's owner has to say.
Asker MakeAsker(const grpc::ServerContextBase& context);

// A moment for an alarm of gRPC or the end of a wait. It is by the monotonic clock, so that setting
// the system's clock moves neither.
gpr_timespec SteadyIn(base::Duration delay);

// The status of a call for whose answer no client waits.
grpc::Status CallerGone();

// The status that gRPC sends. A status without details comes from the store and is logged: it
// becomes STORE_DAMAGED for DATA_LOSS, and STORE_UNAVAILABLE otherwise.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace callbridge::api
