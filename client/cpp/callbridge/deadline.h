// The deadline of a gRPC call, by the monotonic clock: one by the system's clock, which is what
// std::chrono gives gRPC, would be wrong if that clock were set while the call is made.
#pragma once

#include <grpc/support/time.h>

#include <chrono>

namespace callbridge::client {

inline gpr_timespec DeadlineIn(std::chrono::milliseconds timeout) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_millis(timeout.count(), GPR_TIMESPAN));
}

}  // namespace callbridge::client
