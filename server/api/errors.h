// The errors of the public API. Each is an absl::Status that carries a google.rpc.Status with
// ErrorInfo and, where they help, BadRequest and RetryInfo. A message says what is wrong, with
// which field, and what to do. A message never holds a telephone number or a prompt's text.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/base/time.h"
#include "server/settings/findings.h"

namespace callbridge::api {

// An invalid field: its path, such as "callees[0].endpoint.phone.number", and what would be valid.
using Violation = settings::Finding;

// The details that an error may carry.
struct ErrorDetails {
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  std::vector<std::pair<std::string, std::string>> metadata = {};
  std::vector<Violation> violations = {};
  std::optional<base::Duration> retry_delay = std::nullopt;
};

// Makes an error. Long texts are cut, so that the error can be delivered (limits.h); the caller has
// limited the number of violations.
absl::Status MakeError(absl::StatusCode code, const std::string& message,
                       const ErrorDetails& details);

// Returns the serialized google.rpc.Status of a status that was made here. Absent means that the
// status comes from the store.
std::optional<std::string> DetailsOf(const absl::Status& status);

// Names the first violations, up to 16, and the number of the others, because a refusal must fit
// into the 8 KiB of trailers.
absl::Status InvalidFields(const std::vector<Violation>& violations);
absl::Status SessionNotFound(const std::string& session_id);
absl::Status RequestIdReused(const std::string& session_id);
absl::Status OfferTaken(const std::string& session_id);
absl::Status OfferGone(const std::string& session_id);
absl::Status LegNotFound(const std::string& session_id, const std::string& leg_id);
absl::Status LegOver(const std::string& session_id, const std::string& leg_id);
// leg_id: empty means that no leg has joined.
absl::Status LegNotJoined(const std::string& session_id, const std::string& leg_id);
absl::Status TooManySounds(const std::string& session_id, const std::string& leg_id);
absl::Status SessionOver(const std::string& session_id);
absl::Status TooManyRequests(const std::string& session_id);
absl::Status RecordedOtherwise(const std::string& session_id);
absl::Status NoticeRefused(const std::string& session_id, const std::string& leg_id);
// prefix: the prefix of the settings that forbids the destination. Empty means that no allowed
// prefix fits.
absl::Status DestinationNotAllowed(const std::string& field, const std::string& prefix);
absl::Status CallerIdNotAllowed(const std::string& field);
absl::Status TooManySessions(std::int64_t limit);
absl::Status TooLittleDisk(std::int64_t free_bytes_min);
absl::Status DialBacklog(std::int64_t backlog, double rate, base::Duration retry_delay);
// of_another_store: no event was deleted, but the token belongs to another store.
absl::Status ResumeTokenExpired(std::optional<base::Time> oldest_time, bool of_another_store);
absl::Status ResumeTokenInvalid();
absl::Status ResumeTokenMismatch();
absl::Status TooManyStreams(std::int64_t limit);
// This server answers as many calls as it can at a time.
absl::Status TooManyCalls();
absl::Status ReaderStalled();
absl::Status Draining();
absl::Status StreamAge();
absl::Status StoreUnavailable();
// What the client asked for is on a damaged page of the store, so another try does not help.
absl::Status StoreDamaged();
// The request is durable, but no worker has stepped it in time.
absl::Status NotBegunYet();
absl::Status NotYetSupported(const std::string& field, const std::string& what);

}  // namespace callbridge::api
