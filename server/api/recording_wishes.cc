#include "server/api/recording_wishes.h"

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/api/request_digest.h"
#include "server/settings/plan_validation.h"

namespace callbridge::api {
namespace {

template <typename Request>
SessionChange ChangeOf(const Request& request, const Asker& asker, base::Time now) {
  SessionChange change{.session_id = request.session_id(),
                       .request_id = request.request_id(),
                       .digest = RequestDigest(request),
                       .validate_only = request.validate_only()};
  *change.input.mutable_receive_time() = base::ToTimestamp(now);
  internal::v1::RequestRecording& wish = *change.input.mutable_request_recording();
  wish.set_request_id(request.request_id());
  wish.set_requested_by(asker.identity);
  return change;
}

template <typename Request>
settings::Findings CheckIds(const Request& request) {
  settings::Findings findings;
  CheckSessionId("session_id", request.session_id(), findings);
  CheckRequestId(request.request_id(), findings);
  return findings;
}

}  // namespace

absl::StatusOr<SessionChange> CheckStartRecording(const v1::StartRecordingRequest& request,
                                                  const Asker& asker, base::Time now) {
  settings::Findings findings = CheckIds(request);
  if (!v1::RecordingMode_IsValid(request.mode())) {
    findings.Refuse("mode", "must be CONFERENCE or LEGS, or absent");
  } else if (request.beep() && request.mode() != v1::RECORDING_MODE_LEGS) {
    findings.Refuse("beep", settings::kBeepNeedsLegs);
  }
  if (!findings.violations.empty()) return InvalidFields(findings.violations);
  SessionChange change = ChangeOf(request, asker, now);
  internal::v1::RequestRecording& wish = *change.input.mutable_request_recording();
  wish.set_start(true);
  wish.set_mode(request.mode());
  wish.set_beep(request.beep());
  return change;
}

absl::StatusOr<SessionChange> CheckStopRecording(const v1::StopRecordingRequest& request,
                                                 const Asker& asker, base::Time now) {
  const settings::Findings findings = CheckIds(request);
  if (!findings.violations.empty()) return InvalidFields(findings.violations);
  return ChangeOf(request, asker, now);
}

}  // namespace callbridge::api
