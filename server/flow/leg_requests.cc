#include "server/flow/leg_requests.h"

#include <optional>

#include "server/base/limits.h"
#include "server/flow/audio_facts.h"
#include "server/flow/conference_facts.h"
#include "server/flow/legs.h"
#include "server/flow/public_view.h"

namespace callbridge::flow {
namespace {

void Refuse(Course& course, v1::ErrorReason reason, std::string_view why) {
  course.Refuse(reason);
  course.Ignore(why);
}

}  // namespace

void OnUpdateLeg(Course& course, const internal::v1::UpdateLeg& update) {
  if (!IsActive(course.session())) {
    return Refuse(course, v1::ERROR_REASON_SESSION_OVER, "the outcome is decided");
  }
  Leg* leg = FindLeg(course, update.leg_id());
  if (leg == nullptr || !IsSent(*leg)) {
    return Refuse(course, v1::ERROR_REASON_LEG_NOT_FOUND, "the session shows no such leg");
  }
  if (IsGone(*leg)) return Refuse(course, v1::ERROR_REASON_LEG_OVER, "the leg is gone");
  if (course.session().inputs() >= base::kInputsBeforeRequestsAreRefused) {
    return Refuse(course, v1::ERROR_REASON_TOO_MANY_REQUESTS, "too much was asked of the session");
  }
  course.Accept();
  const bool changed =
      WantAudio(*leg, update.has_muted() ? std::optional(update.muted()) : std::nullopt,
                update.has_deafened() ? std::optional(update.deafened()) : std::nullopt);
  if (!changed) return course.Ignore("the leg is wanted like that already");
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_NORMAL);
  v1::LegUpdateRequested& requested = *event.mutable_leg_update_requested();
  requested.set_leg_id(leg->leg_id());
  requested.set_mute_wanted(leg->audio().mute_wanted());
  requested.set_deafen_wanted(leg->audio().deafen_wanted());
  requested.set_client_identity(update.requested_by());
}

}  // namespace callbridge::flow
