// What the service says about an error beside its code and message: reason, fields at fault, when
// to try again. An absl::Status made here carries it all as a payload, so that nothing is lost on
// the way to whoever reports it.
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

struct FieldViolation {
  // Path, as in "callees[0].endpoint.phone.number".
  std::string field;
  std::string description;
};

struct ErrorDetails {
  // A value of callbridge.v1.ErrorReason without its prefix, for example "OFFER_TAKEN". Empty: the
  // error did not come from the service (no connection, a deadline).
  std::string reason;
  std::map<std::string, std::string> metadata;
  std::vector<FieldViolation> field_violations;
  // Wait at least so long before trying again. Absent: trying again was not suggested.
  std::optional<std::chrono::milliseconds> retry_delay;
};

// The same code and message, with the details as payload. Details that cannot be read are left out.
absl::Status ToAbslStatus(const grpc::Status& status);

// Of a status made by ToAbslStatus; empty for others.
ErrorDetails DetailsOf(const absl::Status& status);

// True if the history after the token is gone: take a snapshot again (MakeSnapshotRequest in
// subscriber.h).
bool IsResumeTokenExpired(const absl::Status& status);

}  // namespace callbridge::client
