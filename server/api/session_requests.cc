#include "server/api/session_requests.h"

#include <absl/strings/str_format.h>

#include <optional>
#include <utility>

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/api/one_input.h"
#include "server/base/limits.h"
#include "server/flow/public_view.h"

namespace callbridge::api {

absl::StatusOr<v1::Session> FindSession(store::Sessions& sessions,
                                        const v1::GetSessionRequest& request) {
  settings::Findings findings;
  CheckSessionId("session_id", request.session_id(), findings);
  if (!findings.violations.empty()) {
    return InvalidFields(findings.violations);
  }
  const absl::StatusOr<internal::v1::Session> session = sessions.GetSession(request.session_id());
  if (absl::IsNotFound(session.status())) {
    return SessionNotFound(request.session_id());
  }
  if (!session.ok()) {
    return session.status();
  }
  return flow::PublicView(*session);
}

absl::StatusOr<SessionEnder::Begun> SessionEnder::Begin(
    const v1::EndSessionRequest& request) const {
  settings::Findings findings;
  CheckSessionId("session_id", request.session_id(), findings);
  if (request.reason().size() > base::kEndReasonBytesMax) {
    findings.Refuse("reason",
                    absl::StrFormat("must be at most %d bytes", base::kEndReasonBytesMax));
  }
  if (!findings.violations.empty()) {
    return InvalidFields(findings.violations);
  }
  const absl::StatusOr<internal::v1::Session> before = sessions_.GetSession(request.session_id());
  if (before.ok() && before->has_ended()) {
    return flow::PublicView(*before);
  }
  // NOT_FOUND is no error here, because a session may be stored and not stepped yet.
  if (!before.ok() && !absl::IsNotFound(before.status())) {
    return before.status();
  }
  const base::Time now = clock_.Now();
  store::NewInput input;
  *input.input.mutable_receive_time() = base::ToTimestamp(now);
  input.input.mutable_end_session()->set_reason(request.reason());
  input.session_id = request.session_id();
  const absl::StatusOr<store::Appended> appended = AppendOne(inbox_, std::move(input), now);
  if (!appended.ok()) {
    return appended.status();
  }
  if (appended->result != store::Appended::Result::kStored) {
    return SessionNotFound(request.session_id());
  }
  return appended->input_id;
}

absl::StatusOr<v1::Session> SessionEnder::Answer(
    const v1::EndSessionRequest& request, const std::optional<internal::v1::Reply>& reply) const {
  if (!reply.has_value()) {
    return NotBegunYet();
  }
  const absl::StatusOr<internal::v1::Session> after = sessions_.GetSession(request.session_id());
  if (!after.ok()) {
    return after.status();
  }
  return flow::PublicView(*after);
}

}  // namespace callbridge::api
