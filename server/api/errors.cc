#include "server/api/errors.h"

#include <absl/strings/cord.h>
#include <absl/strings/str_format.h>

#include <chrono>
#include <string_view>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/limits.h"
#include "server/base/mask.h"
#include "server/base/utf8.h"

namespace callbridge::api {
namespace {

constexpr char kPayload[] = "callbridge/google.rpc.Status";
constexpr std::string_view kReasonPrefix = "ERROR_REASON_";

using std::chrono::seconds;

// Returns the first violations. The others are left out if they do not fit into the trailers beside
// everything else.
std::vector<Violation> Deliverable(const std::vector<Violation>& violations) {
  std::vector<Violation> some;
  std::size_t bytes = 0;
  for (const Violation& violation : violations) {
    // The key of a label or of a header is the client's own text, and may be a person's number.
    Violation told{
        base::Shortened(base::MaskText(violation.path), base::kErrorTextBytesMax),
        base::Shortened(base::MaskText(violation.description), base::kErrorTextBytesMax)};
    bytes += told.path.size() + told.description.size();
    if (some.size() == base::kViolationsMax || bytes > base::kViolationsBytesMax) break;
    some.push_back(std::move(told));
  }
  return some;
}

// Returns the size for people, who count in MiB. A long run of digits would be masked like a
// number.
std::string SizeText(std::int64_t bytes) {
  constexpr std::int64_t kMiB = 1 << 20;
  if (bytes < kMiB) return absl::StrFormat("%d bytes", bytes);
  return absl::StrFormat("%.1f MiB", static_cast<double>(bytes) / kMiB);
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, const std::string& message,
                       const ErrorDetails& details) {
  google::rpc::Status status;
  status.set_code(static_cast<int>(code));
  status.set_message(base::Shortened(message, base::kErrorMessageBytesMax));

  google::rpc::ErrorInfo info;
  info.set_reason(v1::ErrorReason_Name(details.reason).substr(kReasonPrefix.size()));
  info.set_domain("callbridge");
  for (const auto& [key, value] : details.metadata) {
    (*info.mutable_metadata())[key] = base::Shortened(value, base::kErrorTextBytesMax);
  }
  status.add_details()->PackFrom(info);

  if (!details.violations.empty()) {
    google::rpc::BadRequest bad_request;
    for (const Violation& violation : details.violations) {
      auto* field = bad_request.add_field_violations();
      field->set_field(violation.path);
      field->set_description(violation.description);
    }
    status.add_details()->PackFrom(bad_request);
  }
  if (details.retry_delay.has_value()) {
    google::rpc::RetryInfo retry;
    *retry.mutable_retry_delay() = base::ToProtoDuration(*details.retry_delay);
    status.add_details()->PackFrom(retry);
  }

  absl::Status result(code, status.message());
  result.SetPayload(kPayload, absl::Cord(status.SerializeAsString()));
  return result;
}

std::optional<std::string> DetailsOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  if (!payload.has_value()) {
    return std::nullopt;
  }
  return std::string(*payload);
}

absl::Status InvalidFields(const std::vector<Violation>& violations) {
  ErrorDetails details{.reason = v1::ERROR_REASON_INVALID_FIELD,
                       .violations = Deliverable(violations)};
  const std::size_t untold = violations.size() - details.violations.size();
  std::string rest;
  if (untold > 0) {
    rest = absl::StrFormat("; and %d more: correct these first", untold);
    details.metadata.emplace_back("violations", absl::StrFormat("%d", violations.size()));
  }
  std::string told;
  for (const Violation& violation : details.violations) {
    absl::StrAppendFormat(&told, "%s%s: %s", told.empty() ? "" : "; ", violation.path,
                          violation.description);
  }
  constexpr std::string_view kBeginning = "The request is not valid. ";
  told = base::Shortened(told, base::kErrorMessageBytesMax - kBeginning.size() - rest.size());
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrFormat("%s%s%s", kBeginning, told, rest), details);
}

absl::Status SessionNotFound(const std::string& session_id) {
  return MakeError(
      absl::StatusCode::kNotFound,
      "There is no session with this id; it never existed, or its record was deleted.",
      {.reason = v1::ERROR_REASON_SESSION_NOT_FOUND, .metadata = {{"session_id", session_id}}});
}

absl::Status RequestIdReused(const std::string& session_id) {
  return MakeError(
      absl::StatusCode::kAlreadyExists,
      "This request_id was used for a request with other content; use a new request_id, or repeat "
      "the "
      "first request unchanged.",
      {.reason = v1::ERROR_REASON_REQUEST_ID_REUSED, .metadata = {{"session_id", session_id}}});
}

absl::Status OfferTaken(const std::string& session_id) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      "Another StartBridge has taken this call; no action is needed.",
      {.reason = v1::ERROR_REASON_OFFER_TAKEN, .metadata = {{"session_id", session_id}}});
}

absl::Status LegNotFound(const std::string& session_id, const std::string& leg_id) {
  return MakeError(absl::StatusCode::kNotFound,
                   "The session has no such leg. GetSession lists its legs.",
                   {.reason = v1::ERROR_REASON_LEG_NOT_FOUND,
                    .metadata = {{"session_id", session_id}, {"leg_id", leg_id}}});
}

absl::Status LegOver(const std::string& session_id, const std::string& leg_id) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "The person has left the conference, or the call is over; nothing can change.",
                   {.reason = v1::ERROR_REASON_LEG_OVER,
                    .metadata = {{"session_id", session_id}, {"leg_id", leg_id}}});
}

absl::Status LegNotJoined(const std::string& session_id, const std::string& leg_id) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "The person is not in the conference yet; wait for the event LegJoined.",
                   {.reason = v1::ERROR_REASON_LEG_NOT_JOINED,
                    .metadata = {{"session_id", session_id}, {"leg_id", leg_id}}});
}

absl::Status TooManySounds(const std::string& session_id, const std::string& leg_id) {
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      absl::StrFormat("%d sounds and captures wait on this leg, which is the limit; wait for one "
                      "to end, or drop them by StopSounds.",
                      base::kSoundsWaitingMax),
      {.reason = v1::ERROR_REASON_TOO_MANY_SOUNDS,
       .metadata = {{"session_id", session_id}, {"leg_id", leg_id}}});
}

absl::Status SessionOver(const std::string& session_id) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      "The outcome of the session is decided, and its calls are hung up; nothing can change.",
      {.reason = v1::ERROR_REASON_SESSION_OVER, .metadata = {{"session_id", session_id}}});
}

absl::Status RecordedOtherwise(const std::string& session_id) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      "The session is recorded in another mode, or with another beep; call StopRecording first.",
      {.reason = v1::ERROR_REASON_RECORDED_OTHERWISE, .metadata = {{"session_id", session_id}}});
}

absl::Status NoticeRefused(const std::string& session_id, const std::string& leg_id) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      "A person has pressed the key that refuses to be recorded, so the session is not recorded.",
      {.reason = v1::ERROR_REASON_NOTICE_REFUSED,
       .metadata = {{"session_id", session_id}, {"leg_id", leg_id}}});
}

absl::Status TooManyRequests(const std::string& session_id) {
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      "The session has had so many inputs that it takes no more requests about its legs.",
      {.reason = v1::ERROR_REASON_TOO_MANY_REQUESTS, .metadata = {{"session_id", session_id}}});
}

absl::Status OfferGone(const std::string& session_id) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      "This call can no longer be taken: the caller hung up or the offer ran out.",
      {.reason = v1::ERROR_REASON_OFFER_GONE, .metadata = {{"session_id", session_id}}});
}

absl::Status DestinationNotAllowed(const std::string& field, const std::string& prefix) {
  return MakeError(
      absl::StatusCode::kPermissionDenied,
      field +
          ": the settings do not allow calls to this number; see dialing.allowed_prefixes and "
          "dialing.denied_prefixes.",
      {.reason = v1::ERROR_REASON_DESTINATION_NOT_ALLOWED,
       .metadata = {{"prefix", prefix}, {"field", field}}});
}

absl::Status CallerIdNotAllowed(const std::string& field) {
  return MakeError(
      absl::StatusCode::kPermissionDenied,
      absl::StrFormat("%s: the settings do not allow this number to be shown; leave "
                      "it out, or add it to dialing.allowed_numbers.",
                      field),
      {.reason = v1::ERROR_REASON_CALLER_ID_NOT_ALLOWED, .metadata = {{"field", field}}});
}

absl::Status TooManySessions(std::int64_t limit) {
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      absl::StrFormat("%d sessions have not ended yet, which is the limit; try again later.",
                      limit),
      {.reason = v1::ERROR_REASON_TOO_MANY_SESSIONS,
       .metadata = {{"limit", absl::StrFormat("%d", limit)}},
       .retry_delay = base::kBusyRetryDelay});
}

absl::Status TooLittleDisk(std::int64_t free_bytes_min) {
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      absl::StrFormat("Less than %s are free in the store's folder, and running sessions need "
                      "them; free space, then try again.",
                      SizeText(free_bytes_min)),
      {.reason = v1::ERROR_REASON_TOO_LITTLE_DISK,
       .metadata = {{"limit", absl::StrFormat("%d", free_bytes_min)}},
       .retry_delay = base::kBusyRetryDelay});
}

absl::Status DialBacklog(std::int64_t backlog, double rate, base::Duration retry_delay) {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   absl::StrFormat("%d dials wait for their turn at %g a second; this one would "
                                   "wait too long; try again later.",
                                   backlog, rate),
                   {.reason = v1::ERROR_REASON_DIAL_BACKLOG,
                    .metadata = {{"backlog", absl::StrFormat("%d", backlog)},
                                 {"rate", absl::StrFormat("%g", rate)}},
                    .retry_delay = retry_delay});
}

absl::Status ResumeTokenExpired(std::optional<base::Time> oldest_time, bool of_another_store) {
  ErrorDetails details{.reason = v1::ERROR_REASON_RESUME_TOKEN_EXPIRED};
  if (oldest_time.has_value()) {
    details.metadata.emplace_back("oldest_time", base::FormatTime(*oldest_time));
  }
  const char* message =
      of_another_store
          ? "This resume_token belongs to another store, or to this one before it was restored "
            "from a backup; begin again with SNAPSHOT and ended_since."
          : "The store no longer keeps the events after this resume_token; begin again with "
            "SNAPSHOT and ended_since.";
  return MakeError(absl::StatusCode::kOutOfRange, message, details);
}

absl::Status ResumeTokenInvalid() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "This is not a resume_token of this service; send a token back unchanged.",
                   {.reason = v1::ERROR_REASON_RESUME_TOKEN_INVALID,
                    .violations = {{"resume_token", "must be a token of an earlier message"}}});
}

absl::Status ResumeTokenMismatch() {
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      "This resume_token belongs to a stream with another session_id or other labels; use those.",
      {.reason = v1::ERROR_REASON_RESUME_TOKEN_MISMATCH,
       .violations = {
           {"resume_token", "must come from a stream with this session_id and labels"}}});
}

absl::Status TooManyStreams(std::int64_t limit) {
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      absl::StrFormat("%d streams are open, which is the limit; close one or try again later.",
                      limit),
      {.reason = v1::ERROR_REASON_TOO_MANY_STREAMS,
       .metadata = {{"limit", absl::StrFormat("%d", limit)}},
       .retry_delay = base::kBusyRetryDelay});
}

absl::Status TooManyCalls() {
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      "This server answers too many calls at this moment; repeat the call.",
      {.reason = v1::ERROR_REASON_TOO_MANY_CALLS, .retry_delay = base::kCallsRetryDelay});
}

absl::Status ReaderStalled() {
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      "The client read no message from this stream for a minute; reconnect with the last token.",
      {.reason = v1::ERROR_REASON_READER_STALLED});
}

absl::Status Draining() {
  return MakeError(absl::StatusCode::kUnavailable,
                   "This server is about to stop; repeat the call until a server answers again.",
                   {.reason = v1::ERROR_REASON_DRAINING, .retry_delay = base::kDrainRetryDelay});
}

absl::Status StreamAge() {
  return MakeError(
      absl::StatusCode::kUnavailable,
      "This stream has reached its maximum age; reconnect at once with the last token.",
      {.reason = v1::ERROR_REASON_STREAM_TOO_OLD, .retry_delay = seconds(0)});
}

absl::Status StoreUnavailable() {
  return MakeError(absl::StatusCode::kUnavailable, "The store did not answer; repeat the call.",
                   {.reason = v1::ERROR_REASON_STORE_UNAVAILABLE, .retry_delay = seconds(1)});
}

absl::Status StoreDamaged() {
  return MakeError(
      absl::StatusCode::kDataLoss,
      "The store is damaged at this record; tell the operator, who can restore a backup.",
      {.reason = v1::ERROR_REASON_STORE_DAMAGED});
}

absl::Status NotBegunYet() {
  return MakeError(absl::StatusCode::kUnavailable,
                   "The request is stored, but no worker has handled it yet; repeat it unchanged "
                   "to learn its result.",
                   {.reason = v1::ERROR_REASON_STORE_UNAVAILABLE, .retry_delay = seconds(1)});
}

absl::Status NotYetSupported(const std::string& field, const std::string& what) {
  return MakeError(absl::StatusCode::kUnimplemented, absl::StrFormat("%s: %s", field, what),
                   {.reason = v1::ERROR_REASON_NOT_YET_SUPPORTED, .metadata = {{"field", field}}});
}

}  // namespace callbridge::api
