// The deadline of a gRPC call by the monotonic clock. std::chrono would give gRPC a deadline by the
// system's clock, which would be wrong if that clock were set during the call.
#pragma once

#include <grpc/support/time.h>

#include <chrono>

namespace callbridge::client {

// Returns the moment after this time.
inline gpr_timespec DeadlineIn(std::chrono::milliseconds timeout) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_millis(timeout.count(), GPR_TIMESPAN));
}

}  // namespace callbridge::client
