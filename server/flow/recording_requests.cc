#include "server/flow/recording_requests.h"

#include <algorithm>

#include "server/base/limits.h"
#include "server/flow/conference_facts.h"
#include "server/flow/notice_facts.h"
#include "server/flow/recordings.h"

namespace callbridge::flow {
namespace {

void Refuse(Course& course, v1::ErrorReason reason, std::string_view why) {
  course.Refuse(reason);
  course.Ignore(why);
}

// Returns what the request wants to be recorded. An empty plan means nothing.
v1::RecordingPlan WantedBy(const Session& session, const internal::v1::RequestRecording& request) {
  v1::RecordingPlan wanted;
  if (!request.start()) return wanted;
  wanted.set_mode(request.mode());
  wanted.set_beep(request.beep());
  if (request.mode() != v1::RECORDING_MODE_UNSPECIFIED) return wanted;
  const v1::RecordingPlan& plan = session.plan().recording();
  const bool planned = plan.mode() != v1::RECORDING_MODE_UNSPECIFIED;
  wanted.set_mode(planned ? plan.mode() : v1::RECORDING_MODE_CONFERENCE);
  wanted.set_beep(planned && plan.beep());
  return wanted;
}

// True if something is recorded, or will be by the plan.
bool IsWantedAtAll(const Session& session) {
  const internal::v1::Recordings& recordings = session.recordings();
  const v1::RecordingMode mode =
      recordings.decided() ? recordings.mode_wanted() : session.plan().recording().mode();
  return mode != v1::RECORDING_MODE_UNSPECIFIED;
}

// True if the request would change nothing. A recording that has failed or stopped by itself is
// started again, and one that could not be stopped is stopped again.
bool IsAsWanted(const Session& session, const v1::RecordingPlan& wanted) {
  const internal::v1::Recordings& recordings = session.recordings();
  if (!recordings.decided() || recordings.mode_wanted() != wanted.mode()) return false;
  const auto& recorders = recordings.recorders();
  if (wanted.mode() == v1::RECORDING_MODE_UNSPECIFIED) {
    return std::none_of(recorders.begin(), recorders.end(),
                        [](const auto& recorder) { return recorder.unstoppable(); });
  }
  return std::none_of(recorders.begin(), recorders.end(), [&](const auto& recorder) {
    return recorder.wish() == recordings.wish() && !IsLive(recorder);
  });
}

}  // namespace

void OnRequestRecording(Course& course, const internal::v1::RequestRecording& request) {
  const Session& session = course.session();
  if (!IsActive(session)) {
    return Refuse(course, v1::ERROR_REASON_SESSION_OVER, "the outcome is decided");
  }
  const bool too_many =
      session.inputs() >= base::kInputsBeforeRequestsAreRefused ||
      session.recordings().recorders_size() >= base::kRecordingsBeforeStartsAreRefused;
  // What is wanted can always be stopped, once.
  const bool stops = !request.start() && IsWantedAtAll(session);
  if (too_many && !stops) {
    return Refuse(course, v1::ERROR_REASON_TOO_MANY_REQUESTS, "too much was asked of the session");
  }
  const v1::RecordingPlan wanted = WantedBy(session, request);
  if (request.start() && IsRecordedOtherwise(session, wanted.mode(), wanted.beep())) {
    return Refuse(course, v1::ERROR_REASON_RECORDED_OTHERWISE, "it is recorded in another mode");
  }
  if (const Leg* leg = request.start() ? WhoRefused(session) : nullptr) {
    course.Refuse(v1::ERROR_REASON_NOTICE_REFUSED, leg->leg_id());
    return course.Ignore("a person has refused to be recorded");
  }
  course.Accept();
  if (IsAsWanted(session, wanted)) return course.Ignore("it is to be recorded like that already");
  WantRecording(course, wanted.mode(), wanted.beep());
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_NORMAL);
  v1::RecordingRequested& requested = *event.mutable_recording_requested();
  requested.set_mode(wanted.mode());
  requested.set_beep(wanted.beep());
  requested.set_request_id(request.request_id());
  requested.set_client_identity(request.requested_by());
}

}  // namespace callbridge::flow
