#include "server/api/update_leg.h"

#include <absl/strings/str_cat.h>

#include <string>
#include <utility>

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/api/one_input.h"
#include "server/api/request_digest.h"
#include "server/flow/public_view.h"
#include "server/flow/step.h"

namespace callbridge::api {
namespace {

using store::Appended;

settings::Findings CheckFields(const v1::UpdateLegRequest& request) {
  settings::Findings findings;
  CheckSessionId("session_id", request.session_id(), findings);
  CheckLegId(request.leg_id(), findings);
  CheckRequestId(request.request_id(), findings);
  if (!request.has_muted() && !request.has_deafened()) {
    findings.Refuse("muted", "is required, or deafened: say what is to change");
  }
  return findings;
}

internal::v1::Input InputOf(const v1::UpdateLegRequest& request, const Asker& asker,
                            base::Time now) {
  internal::v1::Input input;
  *input.mutable_receive_time() = base::ToTimestamp(now);
  internal::v1::UpdateLeg& update = *input.mutable_update_leg();
  update.set_leg_id(request.leg_id());
  if (request.has_muted()) update.set_muted(request.muted());
  if (request.has_deafened()) update.set_deafened(request.deafened());
  update.set_requested_by(asker.identity);
  return input;
}

absl::Status RefusalOf(v1::ErrorReason reason, const v1::UpdateLegRequest& request) {
  switch (reason) {
    case v1::ERROR_REASON_UNSPECIFIED:
      return absl::OkStatus();
    case v1::ERROR_REASON_LEG_NOT_FOUND:
      return LegNotFound(request.session_id(), request.leg_id());
    case v1::ERROR_REASON_LEG_OVER:
      return LegOver(request.session_id(), request.leg_id());
    case v1::ERROR_REASON_TOO_MANY_REQUESTS:
      return TooManyRequests(request.session_id());
    default:
      return SessionOver(request.session_id());
  }
}

}  // namespace

absl::StatusOr<LegUpdater::Begun> LegUpdater::Begin(const v1::UpdateLegRequest& request,
                                                    const Asker& asker) const {
  const settings::Findings findings = CheckFields(request);
  if (!findings.violations.empty()) return InvalidFields(findings.violations);
  const base::Time now = clock_.Now();
  store::NewInput input;
  input.input = InputOf(request, asker, now);
  if (request.validate_only()) {
    absl::StatusOr<v1::UpdateLegResponse> preview = Preview(request, input.input);
    if (!preview.ok()) return preview.status();
    return *std::move(preview);
  }
  input.session_id = request.session_id();
  // A request_id of StartBridge holds no slash, so that the two never meet.
  input.request_id = absl::StrCat(request.session_id(), "/", request.request_id());
  input.request_digest = RequestDigest(request);
  const absl::StatusOr<Appended> appended = AppendOne(inbox_, std::move(input), now);
  if (!appended.ok()) return appended.status();
  switch (appended->result) {
    case Appended::Result::kStored:
      return Claim{appended->input_id, false};
    case Appended::Result::kRequestKnown:
      return Claim{appended->input_id, true};
    case Appended::Result::kRequestReused:
      return RequestIdReused(request.session_id());
    default:
      return SessionNotFound(request.session_id());
  }
}

absl::StatusOr<v1::UpdateLegResponse> LegUpdater::Answer(
    const v1::UpdateLegRequest& request, const Claim& claim,
    const std::optional<internal::v1::Reply>& reply) const {
  if (!reply.has_value()) return NotBegunYet();
  const absl::Status refusal = RefusalOf(reply->error(), request);
  if (!refusal.ok()) return refusal;
  const absl::StatusOr<internal::v1::Session> session = sessions_.GetSession(request.session_id());
  if (!session.ok()) return session.status();
  v1::UpdateLegResponse response;
  *response.mutable_session() = flow::PublicView(*session);
  response.set_replayed(claim.replayed);
  return response;
}

absl::StatusOr<v1::UpdateLegResponse> LegUpdater::Preview(const v1::UpdateLegRequest& request,
                                                          const internal::v1::Input& input) const {
  const absl::StatusOr<internal::v1::Session> session = sessions_.GetSession(request.session_id());
  if (absl::IsNotFound(session.status())) return SessionNotFound(request.session_id());
  if (!session.ok()) return session.status();
  internal::v1::Input now = input;
  *now.mutable_step_time() = input.receive_time();
  const absl::Status refusal = RefusalOf(flow::Step(*session, now).reply().error(), request);
  if (!refusal.ok()) return refusal;
  v1::UpdateLegResponse response;
  *response.mutable_session() = flow::PublicView(*session);
  return response;
}

}  // namespace callbridge::api
