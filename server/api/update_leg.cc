#include "server/api/update_leg.h"

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/api/request_digest.h"

namespace callbridge::api {

absl::StatusOr<SessionChange> CheckUpdateLeg(const v1::UpdateLegRequest& request,
                                             const Asker& asker, base::Time now) {
  settings::Findings findings;
  CheckSessionId("session_id", request.session_id(), findings);
  CheckLegId("leg_id", request.leg_id(), findings);
  CheckRequestId(request.request_id(), findings);
  if (!request.has_muted() && !request.has_deafened()) {
    findings.Refuse("muted", "is required, or deafened: say what is to change");
  }
  if (!findings.violations.empty()) return InvalidFields(findings.violations);
  SessionChange change{.session_id = request.session_id(),
                       .leg_id = request.leg_id(),
                       .request_id = request.request_id(),
                       .digest = RequestDigest(request),
                       .validate_only = request.validate_only()};
  *change.input.mutable_receive_time() = base::ToTimestamp(now);
  internal::v1::UpdateLeg& update = *change.input.mutable_update_leg();
  update.set_leg_id(request.leg_id());
  if (request.has_muted()) update.set_muted(request.muted());
  if (request.has_deafened()) update.set_deafened(request.deafened());
  update.set_requested_by(asker.identity);
  return change;
}

}  // namespace callbridge::api
