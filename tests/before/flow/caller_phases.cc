// Offered, AnsweringCaller, DialingCaller: until the caller can be moved into the conference, or
// has been dialled into it. joining.cc has JoiningCaller, the last step of an incoming call.
#include <algorithm>

#include "server/base/account_refused.h"
#include "tests/before/flow/conference.h"
#include "tests/before/flow/dialing.h"
#include "tests/before/flow/ending.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"
#include "tests/before/flow/phases.h"
#include "tests/before/flow/public_view.h"
#include "tests/before/flow/reasons.h"

namespace callbridge::flow_before {
namespace {

constexpr int kRingingLooks = 2;

// A webhook that took longer than this to reach us may be about a call that is long over.
bool IsStale(const Turn& turn) {
  if (!turn.input().has_incoming_call()) return false;
  const ProviderEvent& event = turn.input().incoming_call().event();
  Time happened = turn.learned();
  if (event.has_occur_time())
    happened = std::min(happened, base::FromTimestamp(event.occur_time()));
  return turn.now() - happened > base::FromProtoDuration(turn.timing().stale_call());
}

void AnswerCaller(Turn& turn) {
  const Leg& caller = Caller(turn);
  Command command;
  command.set_leg_id(caller.leg_id());
  command.set_base_url(caller.base_url());
  command.mutable_answer_call()->set_call_id(caller.call_id());
  turn.Issue(command);
  CreateConference(turn);
}

// The caller is to hear an apology: what was to prepare the bridge and has not left is of no use
// any more, and the apology would wait behind it.
void CancelPreparation(Turn& turn) {
  for (const Command::ActionCase action :
       {Command::kAnswerCall, Command::kCreateConference, Command::kAddCaller}) {
    const OpenCommand* open = turn.FindOpen(action);
    if (open == nullptr || open->status() != OpenCommand::STATUS_PENDING) continue;
    turn.Cancel(open->command().number());
  }
}

}  // namespace

void EnterOffered(Turn& turn) {
  LeavePhase(turn);
  const Time expire = turn.now() + base::FromProtoDuration(turn.timing().offer());
  *turn.session().mutable_offered()->mutable_expire_time() = base::ToTimestamp(expire);
  turn.SetTimer(Timer::KIND_OFFER, "", expire);
  const Leg& caller = Caller(turn);
  Command command;
  command.set_leg_id(caller.leg_id());
  command.set_base_url(caller.base_url());
  *command.mutable_not_after_time() = base::ToTimestamp(expire);
  command.mutable_send_ringing()->set_call_id(caller.call_id());
  turn.Issue(command);
  // The caller may have hung up long before the offer is told: an answer to this look ends it.
  if (IsStale(turn)) LookAtCall(turn, Caller(turn));
}

void OnSendRingingResult(Turn& turn, const CommandResult& result) {
  // A courtesy: the offer stands, whatever came of it. But a refusal may mean that the call is
  // over.
  const bool refused = result.verdict() == CommandResult::VERDICT_REFUSED;
  if (refused && turn.session().has_offered()) LookAtCall(turn, Caller(turn));
}

void EnterAnsweringCaller(Turn& turn) {
  LeavePhase(turn);
  turn.Settle(Command::kSendRinging);
  // An offer that is being looked at may be of a call that is over.
  const bool look_first =
      IsStale(turn) || turn.FindOpen(Command::kLookAtCall, Caller(turn).leg_id()) != nullptr;
  turn.session().mutable_answering_caller()->set_look_first(look_first);
  SetPhaseDeadlines(turn, turn.timing().answer_look(), turn.timing().answer_verdict());
  Leg& caller = Caller(turn);
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_NORMAL);
  *event.mutable_leg_dialing()->mutable_leg() = PublicLeg(caller);
  event.mutable_leg_dialing()->set_attempt(1);
  if (look_first) {
    LookAtCall(turn, caller);
  } else {
    AnswerCaller(turn);
  }
}

void AdvanceAnsweringCaller(Turn& turn) {
  const Leg& caller = Caller(turn);
  const bool answered = turn.session().answering_caller().accepted() || IsAnswered(caller);
  if (!answered || !IsConferenceKnown(turn.session())) return;
  turn.ClearTimer(Timer::KIND_LOOK_AGAIN, caller.leg_id());
  turn.Settle(Command::kAnswerCall);
  EnterJoiningCaller(turn);
}

void OnAnswerResult(Turn& turn, OpenCommand& open, const CommandResult& result) {
  const std::int32_t number = result.number();
  if (!turn.session().has_answering_caller()) {
    turn.Close(number);  // Too late to matter: Ending hangs up whatever it did.
    return;
  }
  Leg& caller = Caller(turn);
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      turn.Close(number);
      turn.session().mutable_answering_caller()->set_accepted(true);
      break;
    case CommandResult::VERDICT_REFUSED: {
      if (base::IsAccountRefused(result.http_status())) {
        turn.Close(number);
        OnPreparationRefused(turn, result);
        break;
      }
      // 400 or 404: answered already, or over. A look tells; if it still rings, the answer is sent
      // again.
      open.set_status(OpenCommand::STATUS_UNKNOWN);
      LookAtCall(turn, caller);
      break;
    }
    default:
      if (IsAnswered(caller)) {
        turn.Close(number);
        break;
      }
      open.set_status(OpenCommand::STATUS_UNKNOWN);
      LookAtCall(turn, caller);
      turn.SetTimer(Timer::KIND_LOOK_AGAIN, caller.leg_id(),
                    turn.now() + base::FromProtoDuration(turn.timing().look_again()));
      break;
  }
}

void OnCallLookedAt(Turn& turn, Leg& leg, const CallFacts& facts) {
  // While it is answered, the caller's is the only leg.
  if (!turn.session().has_answering_caller() || IsEnded(leg) || IsAnswered(leg)) return;
  before::v1::AnsweringCaller& answering = *turn.session().mutable_answering_caller();
  if (answering.look_first()) {
    answering.set_look_first(false);
    AnswerCaller(turn);
    return;
  }
  OpenCommand* answer = turn.FindOpen(Command::kAnswerCall, leg.leg_id());
  const bool rings =
      facts.state() == CallFacts::STATE_RINGING || facts.state() == CallFacts::STATE_CALLING;
  if (answer == nullptr || answer->status() != OpenCommand::STATUS_UNKNOWN || !rings) return;
  const Duration pause = base::FromProtoDuration(turn.timing().look_again());
  const bool counts = answering.ringing_looks() == 0 ||
                      turn.now() - base::FromTimestamp(answering.last_ringing_look_time()) >= pause;
  if (counts) {
    answering.set_ringing_looks(answering.ringing_looks() + 1);
    *answering.mutable_last_ringing_look_time() = base::ToTimestamp(turn.now());
  }
  if (answering.ringing_looks() >= kRingingLooks) {
    answering.set_ringing_looks(0);
    turn.ClearTimer(Timer::KIND_LOOK_AGAIN, leg.leg_id());
    turn.Reissue(*answer, Duration::zero());
  } else {
    turn.SetTimer(Timer::KIND_LOOK_AGAIN, leg.leg_id(), turn.now() + pause);
  }
}

void OnPreparationRefused(Turn& turn, const CommandResult& result) {
  const Session::PhaseCase phase = turn.session().phase_case();
  if (phase != Session::kAnsweringCaller && phase != Session::kDialingCaller) return;
  FailPreparation(turn, ReasonOfRefusal(result.http_status(), result.error().name()),
                  &result.error());
}

bool IsAnswerAccepted(const Session& session) {
  return session.has_joining_caller() || session.has_apologizing() ||
         (session.has_answering_caller() && session.answering_caller().accepted());
}

void FailPreparation(Turn& turn, v1::EndReason reason, const v1::ProviderError* error) {
  // An answer that was accepted is heard, also before its event has come.
  if (IsAnswered(Caller(turn)) || IsAnswerAccepted(turn.session())) {
    CancelPreparation(turn);
    Apologize(turn, reason, v1::PARTY_PROVIDER, error);
    return;
  }
  v1::Outcome outcome;
  outcome.set_result(v1::Outcome::RESULT_FAILED);
  outcome.set_reason(reason);
  outcome.set_ended_by(v1::PARTY_PROVIDER);
  if (error != nullptr) *outcome.mutable_provider_error() = *error;
  End(turn, outcome);
}

bool IsTooLateToStart(Turn& turn) {
  return turn.session().has_start_before_time() &&
         base::FromTimestamp(turn.session().start_before_time()) <= turn.now();
}

void EndNotInTime(Turn& turn) {
  TellDeadline(turn, "the caller's dial",
               turn.now() - base::FromTimestamp(turn.session().create_time()));
  v1::Outcome outcome;
  outcome.set_result(v1::Outcome::RESULT_FAILED);
  outcome.set_reason(v1::END_REASON_TOO_LATE);
  outcome.set_ended_by(v1::PARTY_DEADLINE);
  End(turn, outcome);
}

void EnterDialingCaller(Turn& turn) {
  LeavePhase(turn);
  turn.session().mutable_dialing_caller();
  Time verdict = turn.now() + base::FromProtoDuration(turn.timing().answer_verdict());
  if (turn.session().has_start_before_time()) {
    verdict = std::min(verdict, base::FromTimestamp(turn.session().start_before_time()));
  }
  turn.SetTimer(Timer::KIND_PHASE_VERDICT, "", verdict);
  CreateConference(turn);
}

void AdvanceDialingCaller(Turn& turn) {
  const Leg& caller = Caller(turn);
  if (IsJoined(caller)) {
    EnterGreeting(turn);
    return;
  }
  if (caller.dial() == 0 && IsTooLateToStart(turn)) {
    EndNotInTime(turn);
    return;
  }
  if (caller.dial() == 0 && IsConferenceKnown(turn.session())) {
    // The conference is there; from now on the dial has deadlines of its own.
    turn.ClearTimer(Timer::KIND_PHASE_VERDICT, "");
    turn.SetTimer(Timer::KIND_PHASE_LOOK, "",
                  turn.now() + base::FromProtoDuration(turn.timing().callee_silent()));
    DialCaller(turn);
    return;
  }
  if (IsAnswered(caller) && !turn.HasTimer(Timer::KIND_PHASE_VERDICT, "")) {
    SetPhaseDeadlines(turn, turn.timing().join_callee_look(), turn.timing().join_callee_verdict());
    LookForTheJoin(turn);
  }
}

void OnLookAgainTimer(Turn& turn, std::string_view subject) {
  if (subject == "conference") {
    FindConference(turn);
    return;
  }
  // The subject is the caller: its answer is of unknown fate, or a dial is held until it is seen.
  Leg& caller = Caller(turn);
  if (IsEnded(caller)) return;
  LookAtCall(turn, caller);
  const bool awaits_answer = turn.session().has_answering_caller() && !IsAnswered(caller);
  if (awaits_answer || HoldsDial(turn.session())) {
    turn.SetTimer(Timer::KIND_LOOK_AGAIN, subject,
                  turn.now() + base::FromProtoDuration(turn.timing().look_again()));
  }
}

void OnOfferTimer(Turn& turn) {
  if (!turn.session().has_offered()) return;
  v1::Outcome outcome;
  outcome.set_result(v1::Outcome::RESULT_REJECTED);
  outcome.set_reason(v1::END_REASON_OFFER_EXPIRED);
  outcome.set_ended_by(v1::PARTY_DEADLINE);
  End(turn, outcome);
}

}  // namespace callbridge::flow_before
