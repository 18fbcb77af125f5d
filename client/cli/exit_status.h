// The meaning of the program's exit status. The numbers are stable, because scripts depend on them;
// --help lists the same numbers.
#pragma once

#include <absl/status/status.h>

#include "callbridge/v1/session.pb.h"

namespace callbridge::cli {

enum class ExitStatus {
  // The command succeeded. With an outcome: the bridge was COMPLETED.
  kOk = 0,
  // A defect or an unexpected answer.
  kFailed = 1,
  kUsage = 2,
  // The server refused the request; another try changes nothing.
  kRefused = 3,
  kNotFound = 4,
  // The server is away or overloaded; another try may succeed.
  kUnavailable = 5,
  // The outcomes for start --wait and watch --exit-status.
  kCalleeUnreached = 10,
  kCallerUnreached = 11,
  kCallerAbandoned = 12,
  kRejected = 13,
  kCancelled = 14,
  kBridgeFailed = 15,
  // Ctrl-C. Shells use the same number.
  kInterrupted = 130,
};

ExitStatus ExitStatusOf(const absl::Status& status);
ExitStatus ExitStatusOf(v1::Outcome::Result result);

}  // namespace callbridge::cli
