#include "server/flow/giving_up.h"

#include <absl/strings/str_cat.h>

#include <cstdint>
#include <vector>

#include "server/flow/legs.h"
#include "server/flow/public_view.h"
#include "server/flow/recording_facts.h"

namespace callbridge::flow {
namespace {

// Cancels everything that has not left, except hangups. The session forgets all its commands.
void ForgetCommands(Course& course) {
  std::vector<std::int32_t> numbers;
  for (const OpenCommand& open : course.session().open_commands()) {
    if (open.status() == Command::STATUS_PENDING && !open.command().has_hang_up_call() &&
        !open.command().has_hang_up_conference()) {
      numbers.push_back(open.command().number());
    }
  }
  for (const std::int32_t number : numbers) {
    course.Cancel(number);
    DropUnsent(course, number);
  }
  course.session().clear_open_commands();
}

void HangUpAll(Course& course) {
  const internal::v1::Conference& conference = course.session().conference();
  if (!conference.conference_id().empty() && !conference.finished()) {
    Command command;
    command.set_base_url(conference.base_url());
    command.mutable_hang_up_conference()->set_conference_id(conference.conference_id());
    course.Issue(command);
  }
  for (Leg& leg : course.legs()) {
    leg.set_lost(false);  // From now on only the sweep looks for this call.
    if (leg.call_id().empty() || leg.state() == v1::Leg::STATE_ENDED) continue;
    Command command;
    command.set_leg_id(leg.leg_id());
    command.set_base_url(leg.base_url());
    command.set_dial(leg.dial());
    command.mutable_hang_up_call()->set_call_id(leg.call_id());
    // An incoming call that was not answered can only be rejected.
    command.mutable_hang_up_call()->set_reject(leg.dial() == 0 && !leg.has_answer_time());
    course.Issue(command);
  }
  // The session ignores their results. If a hangup fails, only the sweep repeats it.
  course.session().clear_open_commands();
}

void TellTheEnd(Course& course, const std::string& reference) {
  Session& session = course.session();
  if (session.has_ended()) {
    RefreshIssues(&session, course.now());
    return;
  }
  if (!session.has_outcome()) {
    v1::Outcome& outcome = *session.mutable_outcome();
    outcome.set_result(session.has_connect_time() ? v1::Outcome::RESULT_COMPLETED
                                                  : v1::Outcome::RESULT_FAILED);
    outcome.set_reason(v1::END_REASON_INTERNAL);
    outcome.set_ended_by(v1::PARTY_SERVICE);
    outcome.set_summary(absl::StrCat(
        "A defect of this service: the session could not go on, and everybody was hung up."
        " Reference: ",
        reference, "."));
    session.mutable_ending();
    *course.Emit(SessionEvent::DETAIL_MILESTONE).mutable_session_ending()->mutable_outcome() =
        outcome;
  }
  EndRecordings(course);
  *session.mutable_end_time() = base::ToTimestamp(course.now());
  // The last event carries the session as it stays. It is emitted first, because the session's
  // version counts this event too.
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_MILESTONE);
  session.mutable_ended();
  session.set_ended_sequence(session.sequence());
  // The session no longer looks for anything. A call whose end is not confirmed is an issue that
  // needs a person's attention.
  RefreshIssues(&session, course.now());
  *event.mutable_session_ended()->mutable_session() = PublicView(session);
}

}  // namespace

void GiveUp(Course& course, const std::string& reference) {
  Session& session = course.session();
  session.set_given_up(true);
  session.clear_timers();
  ForgetCommands(course);
  HangUpAll(course);
  TellTheEnd(course, reference);
}

}  // namespace callbridge::flow
