// Greeting, DialingCallee, StoppingMusic, Announcing, Connected, Apologizing: from the caller's
// join to the end of the talk.
#include <algorithm>

#include "tests/before/flow/conference.h"
#include "tests/before/flow/dialing.h"
#include "tests/before/flow/ending.h"
#include "tests/before/flow/hangup.h"
#include "tests/before/flow/lane.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"
#include "tests/before/flow/phases.h"
#include "tests/before/flow/reasons.h"

namespace callbridge::flow_before {
namespace {

void EnterDialingCallee(Turn& turn) {
  LeavePhase(turn);
  turn.session().mutable_dialing_callee();
  turn.SetTimer(Timer::KIND_PHASE_LOOK, "",
                turn.now() + base::FromProtoDuration(turn.timing().callee_silent()));
  StartMusic(turn);
  DialCallee(turn);
}

void EnterStoppingMusic(Turn& turn, const Leg& callee) {
  LeavePhase(turn);
  turn.session().mutable_stopping_music();
  CancelPendingDials(turn, v1::END_REASON_ANSWERED_ELSEWHERE);
  StopSound(turn);
  if (!IsJoined(callee)) {
    LookForTheJoin(turn);
    // From when it was learned: an answer of long ago is no reason to judge before anybody was
    // asked.
    turn.SetTimer(Timer::KIND_PHASE_LOOK, "",
                  turn.learned() + base::FromProtoDuration(turn.timing().join_callee_look()));
    turn.SetTimer(Timer::KIND_PHASE_VERDICT, "",
                  turn.learned() + base::FromProtoDuration(turn.timing().join_callee_verdict()));
  }
}

void EnterAnnouncing(Turn& turn) {
  LeavePhase(turn);
  Session& session = turn.session();
  session.mutable_announcing();
  TellConnected(turn, turn.now());
  turn.SetTimer(Timer::KIND_MAX_DURATION, "",
                turn.now() + base::FromProtoDuration(session.plan().max_duration()));
  SetRoutineLook(turn);
  StartPrompt(turn, v1::PROMPT_KIND_ANNOUNCEMENT);
}

// True if the callee with whom the caller was connected is gone, and the session ends with it.
bool EndWithoutCallee(Turn& turn) {
  if (CurrentCallee(turn) != nullptr || !WereTogether(turn.session())) return false;
  const Leg* callee = CalleeWhoWasIn(turn);
  Require(callee != nullptr, "a connected session has a callee");
  v1::Outcome outcome;
  outcome.set_result(v1::Outcome::RESULT_COMPLETED);
  outcome.set_reason(callee->has_end() ? callee->end().reason() : v1::END_REASON_HUNG_UP);
  outcome.set_ended_by(callee->has_end() ? callee->end().ended_by() : v1::PARTY_CALLEE);
  if (callee->has_end() && callee->end().has_provider_error()) {
    *outcome.mutable_provider_error() = callee->end().provider_error();
  }
  outcome.add_cause_sequences(callee->last_event());
  End(turn, outcome);
  return true;
}

// Webhooks of a join may be lost. Before the caller is told that the callee was not reached, the
// conference is asked whether somebody who answered and is gone was in it.
void AskWhetherTheyWereTogether(Turn& turn) {
  const Leg* callee = LastCallee(turn);
  const bool unclear = callee != nullptr && IsEnded(*callee) && IsAnswered(*callee) &&
                       !callee->has_join_time() && !callee->unwanted();
  if (!unclear || !IsConferenceKnown(turn.session())) return;
  LookAtConference(turn);
  AwaitLook(turn);
}

bool HasOpenDial(Turn& turn) { return turn.FindOpen(Command::kDialLeg) != nullptr; }

void GiveUpCallees(Turn& turn) {
  for (Leg& leg : *turn.session().mutable_legs()) {
    if (leg.role() != v1::Leg::ROLE_CALLEE || IsEnded(leg) || leg.unwanted()) continue;
    leg.set_unwanted(true);
    HangUpLeg(turn, leg);
  }
}

}  // namespace

void TellConnected(Turn& turn, Time when) {
  const Leg* callee = CalleeWhoWasIn(turn);
  Require(callee != nullptr, "a connected session has a callee");
  *turn.session().mutable_connect_time() = base::ToTimestamp(when);
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_MILESTONE);
  v1::PartiesConnected& connected = *event.mutable_parties_connected();
  connected.set_callee_leg_id(callee->leg_id());
  *connected.mutable_wait_duration() = base::ToProtoDuration(
      std::max(Duration::zero(), when - base::FromTimestamp(Caller(turn).answer_time())));
}

void EnterGreeting(Turn& turn) {
  LeavePhase(turn);
  turn.session().mutable_greeting();
  StartPrompt(turn, v1::PROMPT_KIND_GREETING);
}

void AdvanceGreeting(Turn& turn) {
  if (IsQuiet(turn.session()) && !AwaitsLook(turn)) EnterDialingCallee(turn);
}

void AdvanceDialingCallee(Turn& turn) {
  const Leg* callee = CurrentCallee(turn);
  if (callee != nullptr) {
    // The first sign of an answer stops the music.
    if (IsAnswered(*callee)) EnterStoppingMusic(turn, *callee);
    return;
  }
  const Leg* last = LastCallee(turn);
  if (last == nullptr || HasOpenDial(turn) || HoldsDial(turn.session()) || EndWithoutCallee(turn)) {
    return;
  }
  // The refusal of the dial may say no more than that the caller has gone.
  if (AwaitsLook(turn)) return;
  Apologize(turn, v1::END_REASON_UNSPECIFIED, v1::PARTY_UNSPECIFIED, nullptr);
}

void AdvanceStoppingMusic(Turn& turn) {
  const Leg* callee = CurrentCallee(turn);
  if (callee == nullptr) {
    if (EndWithoutCallee(turn)) return;
    Apologize(turn, v1::END_REASON_UNSPECIFIED, v1::PARTY_UNSPECIFIED, nullptr);
  } else if (IsJoined(*callee) && IsQuiet(turn.session()) && !AwaitsLook(turn)) {
    EnterAnnouncing(turn);
  }
}

void AdvanceAnnouncing(Turn& turn) {
  if (EndWithoutCallee(turn)) return;
  if (IsQuiet(turn.session()) && !AwaitsLook(turn)) turn.session().mutable_connected();
}

void AdvanceConnected(Turn& turn) { EndWithoutCallee(turn); }

void Apologize(Turn& turn, v1::EndReason reason, v1::Party ended_by,
               const v1::ProviderError* error) {
  LeavePhase(turn);
  before::v1::Apologizing& apologizing = *turn.session().mutable_apologizing();
  apologizing.set_reason(reason);
  apologizing.set_ended_by(ended_by);
  if (error != nullptr) *apologizing.mutable_provider_error() = *error;
  CancelPendingDials(turn, reason);
  StopSound(turn);
  AskWhetherTheyWereTogether(turn);
}

void AdvanceApologizing(Turn& turn) {
  before::v1::Apologizing& apologizing = *turn.session().mutable_apologizing();
  // Also calls that show themselves only now.
  if (apologizing.prompt_taken()) GiveUpCallees(turn);
  const Leg* callee = CurrentCallee(turn);
  if (callee != nullptr && IsAnswered(*callee)) {
    // The answer wins as long as the apology has not left.
    EnterStoppingMusic(turn, *callee);
    return;
  }
  if (EndWithoutCallee(turn)) return;
  if (!IsQuiet(turn.session())) return;
  if (!apologizing.prompt_begun()) {
    if (AwaitsLook(turn)) return;
    apologizing.set_prompt_begun(true);
    StartPrompt(turn, v1::PROMPT_KIND_APOLOGY);
    if (!IsQuiet(turn.session())) return;
  }
  const Leg* last = LastCallee(turn);
  const bool unexplained =
      apologizing.reason() == v1::END_REASON_UNSPECIFIED && last != nullptr && !IsEnded(*last);
  if (unexplained) {
    AwaitReason(turn);
  } else {
    EndApologized(turn);
  }
}

void OnApologyTaken(Turn& turn) { turn.session().mutable_apologizing()->set_prompt_taken(true); }

bool WantsDial(const Session& session, const Leg& leg) {
  if (leg.unwanted() || IsEnded(leg)) return false;
  return leg.role() == v1::Leg::ROLE_CALLER ? session.has_dialing_caller()
                                            : session.has_dialing_callee();
}

void OnDialLost(Turn& turn, Leg& leg) {
  if (leg.role() == v1::Leg::ROLE_CALLEE) {
    if (!turn.session().has_dialing_callee()) return;
    const bool another = CurrentCallee(turn, &leg) != nullptr;
    // A second dial may still be on its way.
    if (another || HasOpenDial(turn) || HoldsDial(turn.session())) {
      leg.set_unwanted(true);
      return;
    }
    // A callee who shows up before the apology has left is connected all the same.
    Apologize(turn, v1::END_REASON_LOST, v1::PARTY_LOOK, nullptr);
    return;
  }
  if (!turn.session().has_dialing_caller()) return;
  v1::Outcome outcome;
  outcome.set_result(v1::Outcome::RESULT_CALLER_UNREACHED);
  outcome.set_reason(v1::END_REASON_LOST);
  outcome.set_ended_by(v1::PARTY_LOOK);
  End(turn, outcome);
}

void OnRingVerdictTimer(Turn& turn, Leg& leg) {
  // Why it left is still awaited.
  if (IsGone(leg)) return;
  if (leg.role() == v1::Leg::ROLE_CALLEE && turn.session().has_dialing_callee()) {
    TellDeadline(turn, "callee answered", turn.now() - base::FromTimestamp(leg.sent_time()));
    // It is hung up when the apology leaves: until then an answer still wins.
    Apologize(turn, v1::END_REASON_NO_ANSWER, v1::PARTY_DEADLINE, nullptr);
  } else if (leg.role() == v1::Leg::ROLE_CALLER && turn.session().has_dialing_caller()) {
    TellDeadline(turn, "caller answered", turn.now() - base::FromTimestamp(leg.sent_time()));
    v1::Outcome outcome;
    outcome.set_result(v1::Outcome::RESULT_CALLER_UNREACHED);
    outcome.set_reason(v1::END_REASON_NO_ANSWER);
    outcome.set_ended_by(v1::PARTY_DEADLINE);
    End(turn, outcome);
  }
}

void OnDialQueueTimer(Turn& turn) {
  const OpenCommand* dial = PendingDial(turn);
  if (dial == nullptr && !HoldsDial(turn.session())) return;
  const Duration waited = dial != nullptr ? turn.now() - base::FromTimestamp(dial->issue_time())
                                          : base::FromProtoDuration(turn.timing().dial_queue());
  TellDeadline(turn, "the dial's turn", waited);
  v1::EndReason reason = v1::END_REASON_TOO_LATE;
  if (dial != nullptr) {
    reason = dial->last_failure() == CommandResult::VERDICT_NOT_SENT
                 ? v1::END_REASON_PROVIDER_UNAVAILABLE
                 : v1::END_REASON_PROVIDER_THROTTLED;
  }
  if (turn.session().has_dialing_callee()) {
    Apologize(turn, reason, v1::PARTY_PROVIDER, nullptr);
  } else if (turn.session().has_dialing_caller()) {
    FailPreparation(turn, reason, nullptr);
  }
}

void OnMaxDurationTimer(Turn& turn) {
  if (!turn.session().has_announcing() && !turn.session().has_connected()) return;
  TellDeadline(turn, "maximum duration",
               turn.now() - base::FromTimestamp(turn.session().connect_time()));
  v1::Outcome outcome;
  outcome.set_result(v1::Outcome::RESULT_COMPLETED);
  outcome.set_reason(v1::END_REASON_MAX_DURATION);
  outcome.set_ended_by(v1::PARTY_DEADLINE);
  outcome.add_cause_sequences(turn.session().sequence());
  End(turn, outcome);
}

}  // namespace callbridge::flow_before
