// What the program's exit status means. Stable: scripts switch over it; --help lists the same
// numbers.
#pragma once

#include <absl/status/status.h>

#include "callbridge/v1/session.pb.h"

namespace callbridge::cli {

enum class ExitStatus {
  // Also: the bridge was COMPLETED.
  kOk = 0,
  // A defect or an unexpected answer.
  kFailed = 1,
  kUsage = 2,
  // The server refused the request; trying again changes nothing.
  kRefused = 3,
  kNotFound = 4,
  // The server is away or overloaded; try again.
  kUnavailable = 5,
  // Outcomes, of start --wait and watch --exit-status.
  kCalleeUnreached = 10,
  kCallerUnreached = 11,
  kCallerAbandoned = 12,
  kRejected = 13,
  kCancelled = 14,
  kBridgeFailed = 15,
  // Ctrl-C, as shells say it.
  kInterrupted = 130,
};

ExitStatus ExitStatusOf(const absl::Status& status);
ExitStatus ExitStatusOf(v1::Outcome::Result result);

}  // namespace callbridge::cli
