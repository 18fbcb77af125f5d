#include "server/api/session_change.h"

#include <absl/strings/str_cat.h>

#include <utility>

#include "server/api/errors.h"
#include "server/api/one_input.h"
#include "server/base/time.h"
#include "server/flow/public_view.h"
#include "server/flow/step.h"

namespace callbridge::api {
namespace {

using store::Appended;

// named: the leg that the request names.
absl::Status RefusalOf(const internal::v1::Reply& reply, const std::string& session_id,
                       const std::string& named) {
  const std::string& leg_id = reply.leg_id().empty() ? named : reply.leg_id();
  switch (reply.error()) {
    case v1::ERROR_REASON_UNSPECIFIED:
      return absl::OkStatus();
    case v1::ERROR_REASON_LEG_NOT_FOUND:
      return LegNotFound(session_id, leg_id);
    case v1::ERROR_REASON_LEG_OVER:
      return LegOver(session_id, leg_id);
    case v1::ERROR_REASON_LEG_NOT_JOINED:
      return LegNotJoined(session_id, leg_id);
    case v1::ERROR_REASON_TOO_MANY_SOUNDS:
      return TooManySounds(session_id, leg_id);
    case v1::ERROR_REASON_TOO_MANY_REQUESTS:
      return TooManyRequests(session_id);
    case v1::ERROR_REASON_RECORDED_OTHERWISE:
      return RecordedOtherwise(session_id);
    case v1::ERROR_REASON_NOTICE_REFUSED:
      return NoticeRefused(session_id, leg_id);
    default:
      return SessionOver(session_id);
  }
}

}  // namespace

absl::StatusOr<SessionChanger::Begun> SessionChanger::Begin(SessionChange change) const {
  // A request_id of StartBridge holds no slash, so that the two never meet.
  const std::string request_id = absl::StrCat(change.session_id, "/", change.request_id);
  if (change.validate_only) {
    const absl::Status known = sessions_.FindRequest(request_id, nullptr).status();
    if (!known.ok() && !absl::IsNotFound(known)) return known;
    if (absl::IsNotFound(known)) {
      absl::StatusOr<Answered> preview = Preview(change);
      if (!preview.ok()) return preview.status();
      return *std::move(preview);
    }
  }
  store::NewInput input;
  const base::Time now = base::FromTimestamp(change.input.receive_time());
  input.input = std::move(change.input);
  input.session_id = change.session_id;
  input.request_id = request_id;
  input.request_digest = std::move(change.digest);
  // A known request_id stores no input, also with validate_only: the answer names the input that
  // owns it.
  const absl::StatusOr<Appended> appended = AppendOne(inbox_, std::move(input), now);
  if (!appended.ok()) return appended.status();
  switch (appended->result) {
    case Appended::Result::kStored:
      return Claim{.input_id = appended->input_id,
                   .session_id = std::move(change.session_id),
                   .leg_id = std::move(change.leg_id),
                   .warnings = std::move(change.warnings)};
    case Appended::Result::kRequestKnown:
      return Claim{.input_id = appended->input_id,
                   .replayed = true,
                   .session_id = std::move(change.session_id),
                   .leg_id = std::move(change.leg_id)};
    case Appended::Result::kRequestReused:
      return RequestIdReused(change.session_id);
    default:
      return SessionNotFound(change.session_id);
  }
}

absl::StatusOr<SessionChanger::Answered> SessionChanger::Answer(
    const Claim& claim, const std::optional<internal::v1::Reply>& reply) const {
  if (!reply.has_value()) return NotBegunYet();
  const absl::Status refusal = RefusalOf(*reply, claim.session_id, claim.leg_id);
  if (!refusal.ok()) return refusal;
  const absl::StatusOr<internal::v1::Session> session = sessions_.GetSession(claim.session_id);
  if (!session.ok()) return session.status();
  return Answered{flow::PublicView(*session), claim.replayed, claim.warnings};
}

absl::StatusOr<SessionChanger::Answered> SessionChanger::Preview(
    const SessionChange& change) const {
  const absl::StatusOr<internal::v1::Session> session = sessions_.GetSession(change.session_id);
  if (absl::IsNotFound(session.status())) return SessionNotFound(change.session_id);
  if (!session.ok()) return session.status();
  internal::v1::Input now = change.input;
  *now.mutable_step_time() = now.receive_time();
  const absl::Status refusal =
      RefusalOf(flow::Step(*session, now).reply(), change.session_id, change.leg_id);
  if (!refusal.ok()) return refusal;
  return Answered{flow::PublicView(*session), false, change.warnings};
}

}  // namespace callbridge::api
