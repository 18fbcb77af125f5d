#include "tests/before/flow/phases.h"

#include <string>

#include "tests/before/flow/conference.h"
#include "tests/before/flow/dialing.h"
#include "tests/before/flow/ending.h"
#include "tests/before/flow/hangup.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"
#include "tests/before/flow/reasons.h"

namespace callbridge::flow_before {
namespace {

// More phases than there are: a longer way is a circle.
constexpr int kPhasesPerStepMax = 16;

// Why what the bridge waits for did not come. What never left, because our own queue or the
// provider's limits held it back, is not told as an answer that the provider owes.
v1::EndReason ReasonOfDelay(const Session& session) {
  for (const OpenCommand& open : session.open_commands()) {
    const bool waits = open.status() == OpenCommand::STATUS_PENDING &&
                       !open.command().has_hang_up_call() && !IsLook(open.command().action_case());
    const bool never_left = open.command().attempt() == 1;
    if (waits && (never_left || open.last_failure() == CommandResult::VERDICT_THROTTLED)) {
      return v1::END_REASON_PROVIDER_THROTTLED;
    }
  }
  return v1::END_REASON_PROVIDER_UNAVAILABLE;
}

// The caller is gone: what that means depends on how far the bridge was.
void EndWithoutCaller(Turn& turn) {
  const Leg& caller = Caller(turn);
  v1::Outcome outcome;
  const bool never_came = turn.session().has_dialing_caller() && !IsAnswered(caller);
  outcome.set_reason(never_came ? v1::END_REASON_UNREACHABLE : v1::END_REASON_HUNG_UP);
  outcome.set_ended_by(never_came ? v1::PARTY_PROVIDER : v1::PARTY_CALLER);
  if (caller.has_end()) {
    outcome.set_reason(caller.end().reason());
    outcome.set_ended_by(caller.end().ended_by());
  }
  if (caller.has_end() && caller.end().has_provider_error()) {
    *outcome.mutable_provider_error() = caller.end().provider_error();
  }
  outcome.add_cause_sequences(caller.last_event());
  switch (turn.session().phase_case()) {
    case Session::kAnnouncing:
    case Session::kConnected:
      outcome.set_result(v1::Outcome::RESULT_COMPLETED);
      break;
    case Session::kApologizing:
      EndApologized(turn);
      return;
    case Session::kDialingCaller:
      if (IsAnswered(caller)) {
        outcome.set_result(v1::Outcome::RESULT_CALLER_ABANDONED);
      } else {
        outcome.set_result(IsFailure(outcome.reason()) ? v1::Outcome::RESULT_FAILED
                                                       : v1::Outcome::RESULT_CALLER_UNREACHED);
      }
      break;
    default:
      outcome.set_result(v1::Outcome::RESULT_CALLER_ABANDONED);
      break;
  }
  End(turn, outcome);
}

void AdvanceOnce(Turn& turn) {
  const Session::PhaseCase phase = turn.session().phase_case();
  if (phase == Session::kEnded) return;
  KeepOneCallee(turn);
  if (phase != Session::kEnding && IsGone(Caller(turn))) {
    // PARTICIPANT_JOIN_FAILED of a dialled caller says no reason; the call's own end, which
    // follows, does.
    if (phase == Session::kDialingCaller && !IsEnded(Caller(turn))) return AwaitReason(turn);
    EndWithoutCaller(turn);
    return;
  }
  switch (phase) {
    case Session::kOffered:
      return;  // Waits for StartBridge, its end, or its timeout.
    case Session::kAnsweringCaller:
      return AdvanceAnsweringCaller(turn);
    case Session::kDialingCaller:
      return AdvanceDialingCaller(turn);
    case Session::kJoiningCaller:
      return AdvanceJoiningCaller(turn);
    case Session::kGreeting:
      return AdvanceGreeting(turn);
    case Session::kDialingCallee:
      return AdvanceDialingCallee(turn);
    case Session::kStoppingMusic:
      return AdvanceStoppingMusic(turn);
    case Session::kAnnouncing:
      return AdvanceAnnouncing(turn);
    case Session::kConnected:
      return AdvanceConnected(turn);
    case Session::kApologizing:
      return AdvanceApologizing(turn);
    case Session::kEnding:
      return AdvanceEnding(turn);
    case Session::kEnded:
    case Session::PHASE_NOT_SET:
      return;
  }
}

}  // namespace

void Advance(Turn& turn) {
  for (int i = 0; i < kPhasesPerStepMax; ++i) {
    const Session::PhaseCase before = turn.session().phase_case();
    AdvanceOnce(turn);
    HangUpUnwanted(turn);
    if (turn.session().phase_case() == before) return;
  }
  Require(false, "one step leads through more phases than there are");
}

void LeavePhase(Turn& turn) {
  for (const Timer::Kind kind :
       {Timer::KIND_OFFER, Timer::KIND_PHASE_LOOK, Timer::KIND_PHASE_VERDICT,
        Timer::KIND_JOIN_RETRY, Timer::KIND_LOOK_ANSWER}) {
    turn.ClearTimer(kind, "");
  }
}

void LookForTheJoin(Turn& turn) {
  if (turn.source() == SessionEvent::SOURCE_LOOK) LookAtConference(turn);
}

void AwaitReason(Turn& turn) {
  if (turn.HasTimer(Timer::KIND_PHASE_VERDICT, "")) return;
  turn.SetTimer(Timer::KIND_PHASE_VERDICT, "",
                turn.now() + base::FromProtoDuration(turn.timing().conference_gone()));
}

void SetPhaseDeadlines(Turn& turn, const google::protobuf::Duration& look,
                       const google::protobuf::Duration& verdict) {
  turn.SetTimer(Timer::KIND_PHASE_LOOK, "", turn.now() + base::FromProtoDuration(look));
  turn.SetTimer(Timer::KIND_PHASE_VERDICT, "", turn.now() + base::FromProtoDuration(verdict));
}

void TellDeadline(Turn& turn, std::string_view waited_for, Duration after) {
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_DIAGNOSTIC);
  event.mutable_deadline_passed()->set_waited_for(std::string(waited_for));
  *event.mutable_deadline_passed()->mutable_waited_duration() = base::ToProtoDuration(after);
}

void OnPhaseLookTimer(Turn& turn) {
  Session& session = turn.session();
  const before::v1::Timing& timing = turn.timing();
  Duration again = Duration::zero();
  switch (session.phase_case()) {
    case Session::kAnsweringCaller:
      LookAtCall(turn, Caller(turn));
      break;
    case Session::kJoiningCaller:
      LookAtConference(turn);
      OnJoinRetryTimer(turn);
      again = base::FromProtoDuration(timing.join_caller_look());
      break;
    case Session::kDialingCallee:
      // Nobody who has answered waits for the ring timeout, and no telephone rings for a caller who
      // has left.
      LookAtConference(turn);
      again = base::FromProtoDuration(timing.callee_silent());
      break;
    case Session::kDialingCaller:
      if (!IsAnswered(Caller(turn))) {
        LookAtCall(turn, Caller(turn));
        again = base::FromProtoDuration(timing.callee_silent());
        break;
      }
      [[fallthrough]];
    case Session::kStoppingMusic:
      LookAtConference(turn);
      again = base::FromProtoDuration(timing.join_callee_look());
      break;
    case Session::kConnected:
    case Session::kAnnouncing:
      LookAtConference(turn, Haste::kRoutine);
      SetRoutineLook(turn);
      break;
    default:
      break;
  }
  if (again > Duration::zero()) {
    turn.SetTimer(Timer::KIND_PHASE_LOOK, "", turn.now() + again);
  }
}

void OnPhaseVerdictTimer(Turn& turn) {
  const before::v1::Timing& timing = turn.timing();
  const auto after = [](const google::protobuf::Duration& duration) {
    return base::FromProtoDuration(duration);
  };
  switch (turn.session().phase_case()) {
    case Session::kAnsweringCaller:
      TellDeadline(turn, "caller answered and conference created", after(timing.answer_verdict()));
      FailPreparation(turn, ReasonOfDelay(turn.session()), nullptr);
      break;
    case Session::kJoiningCaller:
      TellDeadline(turn, "caller joined", after(timing.join_caller_verdict()));
      FailPreparation(turn, ReasonOfDelay(turn.session()), nullptr);
      break;
    case Session::kDialingCaller:
      if (IsGone(Caller(turn))) {
        TellDeadline(turn, "why the caller did not join", after(timing.conference_gone()));
        EndWithoutCaller(turn);
        break;
      }
      if (Caller(turn).dial() == 0 && IsTooLateToStart(turn)) {
        EndNotInTime(turn);
        break;
      }
      if (IsAnswered(Caller(turn))) {
        TellDeadline(turn, "caller joined", after(timing.join_callee_verdict()));
      } else {
        TellDeadline(turn, "conference created", after(timing.answer_verdict()));
      }
      FailPreparation(turn, ReasonOfDelay(turn.session()), nullptr);
      break;
    case Session::kStoppingMusic: {
      Leg* callee = CurrentCallee(turn);
      Require(callee != nullptr, "without a callee this phase is left at once");
      // The callee is in, and only the end of the sound is waited for, which has deadlines of its
      // own.
      if (IsJoined(*callee)) break;
      TellDeadline(turn, "callee joined", after(timing.join_callee_verdict()));
      callee->set_unwanted(true);
      HangUpLeg(turn, *callee);
      Apologize(turn, v1::END_REASON_UNREACHABLE, v1::PARTY_DEADLINE, nullptr);
      break;
    }
    case Session::kApologizing:
      TellDeadline(turn, "why the callee did not join", after(timing.conference_gone()));
      EndApologized(turn);
      break;
    case Session::kEnding:
      OnEndingVerdictTimer(turn);
      break;
    default:
      break;
  }
}

void OnConferenceGoneTimer(Turn& turn) {
  TellDeadline(turn, "why the conference finished",
               base::FromProtoDuration(turn.timing().conference_gone()));
  if (turn.session().has_apologizing()) {
    // Why the bridge failed was known before.
    EndApologized(turn);
    return;
  }
  v1::Outcome outcome;
  // If the two have been in one room, End() turns this into COMPLETED.
  outcome.set_result(v1::Outcome::RESULT_FAILED);
  outcome.set_reason(v1::END_REASON_LOST);
  outcome.set_ended_by(v1::PARTY_PROVIDER);
  End(turn, outcome);
}

}  // namespace callbridge::flow_before
