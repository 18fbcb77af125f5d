#include "tests/before/flow/giving_up.h"

#include <absl/strings/str_cat.h>

#include <cstdint>
#include <vector>

#include "tests/before/flow/public_view.h"

namespace callbridge::flow_before {
namespace {

// Hangups go on; all else that has not left must not leave.
void CancelWhatIsPending(Turn& turn) {
  std::vector<std::int32_t> numbers;
  for (const OpenCommand& open : turn.session().open_commands()) {
    if (open.status() == OpenCommand::STATUS_PENDING && !open.command().has_hang_up_call() &&
        !open.command().has_hang_up_conference()) {
      numbers.push_back(open.command().number());
    }
  }
  for (const std::int32_t number : numbers) turn.Cancel(number);
  turn.session().clear_open_commands();
}

void HangUpAll(Turn& turn) {
  const before::v1::Conference& conference = turn.session().conference();
  if (!conference.conference_id().empty() && !conference.finished()) {
    Command command;
    command.set_base_url(conference.base_url());
    command.mutable_hang_up_conference()->set_conference_id(conference.conference_id());
    turn.Issue(command);
  }
  for (Leg& leg : *turn.session().mutable_legs()) {
    leg.set_lost(false);  // The session does not look for its call any more, the sweep does.
    if (leg.call_id().empty() || leg.state() == v1::Leg::STATE_ENDED) continue;
    Command command;
    command.set_leg_id(leg.leg_id());
    command.set_base_url(leg.base_url());
    command.set_dial(leg.dial());
    command.mutable_hang_up_call()->set_call_id(leg.call_id());
    // An incoming call that was not answered can only be rejected.
    command.mutable_hang_up_call()->set_reject(leg.dial() == 0 && !leg.has_answer_time());
    turn.Issue(command);
  }
  // Their results are of no interest: nothing repeats them but the sweep.
  turn.session().clear_open_commands();
}

void TellTheEnd(Turn& turn, const std::string& reference) {
  Session& session = turn.session();
  if (session.has_ended()) {
    RefreshIssues(&session, turn.now());
    return;
  }
  if (!session.has_outcome()) {
    v1::Outcome& outcome = *session.mutable_outcome();
    outcome.set_result(session.has_connect_time() ? v1::Outcome::RESULT_COMPLETED
                                                  : v1::Outcome::RESULT_FAILED);
    outcome.set_reason(v1::END_REASON_INTERNAL);
    outcome.set_ended_by(v1::PARTY_DEADLINE);
    outcome.set_summary(absl::StrCat(
        "A defect of this service: the session could not go on, and everybody was hung up."
        " Reference: ",
        reference, "."));
    session.mutable_ending();
    *turn.Emit(SessionEvent::DETAIL_MILESTONE).mutable_session_ending()->mutable_outcome() =
        outcome;
  }
  *session.mutable_end_time() = base::ToTimestamp(turn.now());
  // The last event carries the record as it stays, its own number included.
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_MILESTONE);
  session.mutable_ended();
  // Nothing is looked up any more. Calls whose end nobody has confirmed need a person's attention.
  RefreshIssues(&session, turn.now());
  *event.mutable_session_ended()->mutable_session() = PublicView(session);
}

}  // namespace

void GiveUp(Turn& turn, const std::string& reference) {
  Session& session = turn.session();
  session.set_given_up(true);
  session.clear_timers();
  CancelWhatIsPending(turn);
  HangUpAll(turn);
  TellTheEnd(turn, reference);
}

}  // namespace callbridge::flow_before
