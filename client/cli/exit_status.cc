#include "client/cli/exit_status.h"

namespace callbridge::cli {

ExitStatus ExitStatusOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitStatus::kOk;
    case absl::StatusCode::kNotFound:
      return ExitStatus::kNotFound;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return ExitStatus::kUnavailable;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnimplemented:
      return ExitStatus::kRefused;
    default:
      return ExitStatus::kFailed;
  }
}

ExitStatus ExitStatusOf(v1::Outcome::Result result) {
  switch (result) {
    case v1::Outcome::RESULT_COMPLETED:
      return ExitStatus::kOk;
    case v1::Outcome::RESULT_CALLEE_UNREACHED:
      return ExitStatus::kCalleeUnreached;
    case v1::Outcome::RESULT_CALLER_UNREACHED:
      return ExitStatus::kCallerUnreached;
    case v1::Outcome::RESULT_CALLER_ABANDONED:
      return ExitStatus::kCallerAbandoned;
    case v1::Outcome::RESULT_REJECTED:
      return ExitStatus::kRejected;
    case v1::Outcome::RESULT_CANCELLED:
      return ExitStatus::kCancelled;
    case v1::Outcome::RESULT_FAILED:
      return ExitStatus::kBridgeFailed;
    default:
      return ExitStatus::kFailed;
  }
}

}  // namespace callbridge::cli
