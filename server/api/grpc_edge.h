// Where gRPC's types end: what it tells of a request becomes an Asker, and our errors become its
// status. All else in this folder that decides something knows no gRPC.
#pragma once

#include <absl/status/status.h>
#include <grpc/support/time.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "server/api/asker.h"
#include "server/base/time.h"

namespace callbridge::api {

// Everything but `cancelled`, which is for the call's owner to say.
Asker MakeAsker(const grpc::ServerContextBase& context);

// A moment for an alarm of gRPC's or the end of a wait, by the monotonic clock: a system's clock
// that is set moves neither.
gpr_timespec SteadyIn(base::Duration delay);

// What a call is finished with that nobody waits for.
grpc::Status CallerGone();

// What gRPC sends. A status without details is the store's, and is logged: STORE_DAMAGED for
// DATA_LOSS, else STORE_UNAVAILABLE.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace callbridge::api
