// What the service says about an error beside its code and message: the reason, the invalid fields,
// and when to try again. An absl::Status made here carries all of it as a payload, so that it
// reaches the code that reports the error.
#pragma once

#include <absl/status/status.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callbridge::client {

// An invalid field of the request.
struct FieldViolation {
  // The path of the field, like "callees[0].endpoint.phone.number".
  std::string field;
  // A sentence whose subject is the field, for example "must be 1 to 60 s".
  std::string description;
};

// The details of one error.
struct ErrorDetails {
  // A value of callbridge.v1.ErrorReason without its prefix, for example "OFFER_TAKEN". Empty means
  // that the error did not come from the service (no connection, a deadline).
  std::string reason;
  // Further facts about the error by name, which depend on the reason.
  std::map<std::string, std::string> metadata;
  // The invalid fields; empty if the error is not about fields.
  std::vector<FieldViolation> field_violations;
  // The shortest time to wait before the next try. Absent means that the service suggests no
  // further try.
  std::optional<std::chrono::milliseconds> retry_delay;
};

// Returns the same code and message, with the details as payload. Details that cannot be read are
// left out.
absl::Status ToAbslStatus(const grpc::Status& status);

// Returns the details of a status made by ToAbslStatus; empty for others.
ErrorDetails DetailsOf(const absl::Status& status);

// True if the history after the token is gone. The client then takes a new snapshot
// (MakeSnapshotRequest in subscriber.h).
bool IsResumeTokenExpired(const absl::Status& status);

}  // namespace callbridge::client
