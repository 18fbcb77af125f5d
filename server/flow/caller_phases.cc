// Offered, AnsweringCaller, DialingCaller, JoiningCaller: until the caller is in the conference.
#include <algorithm>
#include <string>

#include "server/base/account_refused.h"
#include "server/base/limits.h"
#include "server/flow/conference.h"
#include "server/flow/dialing.h"
#include "server/flow/ending.h"
#include "server/flow/hangup.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/phases.h"
#include "server/flow/public_view.h"
#include "server/flow/reasons.h"
#include "server/flow/retry.h"

namespace callbridge::flow {
namespace {

constexpr int kRefusalsMax = 2;
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

void AddCaller(Turn& turn) {
  internal::v1::JoiningCaller& joining = *turn.session().mutable_joining_caller();
  const Leg& caller = Caller(turn);
  Command command;
  command.set_leg_id(caller.leg_id());
  command.set_base_url(caller.base_url());
  command.mutable_add_caller()->set_conference_id(turn.session().conference().conference_id());
  command.mutable_add_caller()->set_call_id(caller.call_id());
  joining.set_last_put(turn.Issue(command));
  joining.set_puts(joining.puts() + 1);
}

void EnterJoiningCaller(Turn& turn) {
  LeavePhase(turn);
  turn.session().mutable_joining_caller();
  SetPhaseDeadlines(turn, turn.timing().join_caller_look(), turn.timing().join_caller_verdict());
  AddCaller(turn);
}

void RetryJoinSoon(Turn& turn) {
  turn.SetTimer(Timer::KIND_JOIN_RETRY, "",
                turn.now() + base::FromProtoDuration(turn.timing().join_retry()));
}

// The last PUT was refused, or the provider says that it came to nothing. It may have had its
// effect all the same, or an earlier one, whose answer was lost: whether the caller is in is asked
// of the conference, and only its answer counts.
void DoubtPut(Turn& turn, v1::EndReason reason, const v1::ProviderError* error) {
  internal::v1::JoiningCaller& joining = *turn.session().mutable_joining_caller();
  if (joining.last_put() == joining.failed_put()) return;  // Told again.
  joining.set_doubted_put(joining.last_put());
  *joining.mutable_doubt_time() = base::ToTimestamp(turn.now());
  joining.set_reason(reason);
  joining.clear_provider_error();
  if (error != nullptr) *joining.mutable_provider_error() = *error;
  LookAtConference(turn);
}

// A call that is not established yet cannot be added: that is no refusal. It is asked again as soon
// as it is established.
void AwaitEstablished(Turn& turn) {
  internal::v1::JoiningCaller& joining = *turn.session().mutable_joining_caller();
  if (!joining.too_early()) joining.set_puts(joining.puts() - 1);
  joining.set_too_early(true);
  LookAtCall(turn, Caller(turn));
}

// Its failure was told before its answer came: the question is still open.
void OnDoubtedPutClosed(Turn& turn, std::int32_t number) {
  internal::v1::JoiningCaller& joining = *turn.session().mutable_joining_caller();
  if (joining.doubted_put() != number) return;
  *joining.mutable_doubt_time() = base::ToTimestamp(turn.now());
  LookAtConference(turn);
}

bool IsShown(const ConferenceFacts& facts, const std::string& call_id) {
  return std::any_of(facts.participants().begin(), facts.participants().end(),
                     [&call_id](const ParticipantFacts& participant) {
                       return participant.call_id() == call_id &&
                              participant.state() != ParticipantFacts::STATE_LEFT;
                     });
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
  internal::v1::AnsweringCaller& answering = *turn.session().mutable_answering_caller();
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
  outcome.set_reason(v1::END_REASON_NOT_IN_TIME);
  outcome.set_ended_by(v1::PARTY_TIMER);
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

void AdvanceJoiningCaller(Turn& turn) {
  if (IsJoined(Caller(turn))) {
    turn.Settle(Command::kAddCaller);
    EnterGreeting(turn);
    return;
  }
  if (turn.session().joining_caller().too_early() && IsAnswered(Caller(turn))) {
    turn.session().mutable_joining_caller()->set_too_early(false);
    turn.ClearTimer(Timer::KIND_JOIN_RETRY, "");
    OnJoinRetryTimer(turn);
  }
}

void OnAddCallerResult(Turn& turn, OpenCommand& open, const CommandResult& result) {
  if (!turn.session().has_joining_caller()) {
    turn.Close(result.number());
    return;
  }
  switch (result.verdict()) {
    case CommandResult::VERDICT_NOT_SENT:
    case CommandResult::VERDICT_THROTTLED:
      RetryCertainFailure(turn, open, result);
      break;
    case CommandResult::VERDICT_DONE:
      turn.Close(result.number());
      for (const ConferenceFacts& facts : result.conferences()) AbsorbParticipants(turn, facts);
      OnDoubtedPutClosed(turn, result.number());
      break;
    case CommandResult::VERDICT_REFUSED:
      turn.Close(result.number());
      if (!IsAnswered(Caller(turn))) {
        AwaitEstablished(turn);
      } else {
        DoubtPut(turn, ReasonOfRefusal(result.http_status(), result.error().name()),
                 &result.error());
      }
      break;
    default:
      turn.Close(result.number());
      RetryJoinSoon(turn);
      OnDoubtedPutClosed(turn, result.number());
      break;
  }
}

void OnCallerNotJoined(Turn& turn) {
  if (!turn.session().has_joining_caller()) return LookAtCall(turn, Caller(turn));
  if (!IsAnswered(Caller(turn))) return AwaitEstablished(turn);
  DoubtPut(turn, v1::END_REASON_PROVIDER_REFUSED, nullptr);
}

void OnJoinLookedFor(Turn& turn, Time asked, const ConferenceFacts* facts) {
  if (!turn.session().has_joining_caller()) return;
  internal::v1::JoiningCaller& joining = *turn.session().mutable_joining_caller();
  const std::int32_t doubted = joining.doubted_put();
  // Of a PUT whose own answer is still to come nothing can be said yet.
  if (doubted == 0 || turn.FindOpen(doubted) != nullptr) return;
  if (asked < base::FromTimestamp(joining.doubt_time())) return LookAtConference(turn);
  joining.set_doubted_put(0);
  if (facts == nullptr) return RetryJoinSoon(turn);
  if (IsShown(*facts, Caller(turn).call_id())) return;
  joining.set_failed_put(doubted);
  joining.set_refusals(joining.refusals() + 1);
  if (joining.refusals() < kRefusalsMax) return RetryJoinSoon(turn);
  const v1::ProviderError error = joining.provider_error();
  FailPreparation(turn, joining.reason(), joining.has_provider_error() ? &error : nullptr);
}

void OnJoinRetryTimer(Turn& turn) {
  if (!turn.session().has_joining_caller()) return;
  const internal::v1::JoiningCaller& joining = turn.session().joining_caller();
  if (joining.puts() >= base::kPutsMax || joining.too_early() || joining.doubted_put() != 0) return;
  if (turn.FindOpen(Command::kAddCaller) == nullptr) AddCaller(turn);
}

void OnLookAgainTimer(Turn& turn, std::string_view subject) {
  if (subject == "conference") {
    FindConference(turn);
    return;
  }
  // Nobody else's answer is looked for.
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
  outcome.set_result(v1::Outcome::RESULT_OFFER_DECLINED);
  outcome.set_reason(v1::END_REASON_OFFER_EXPIRED);
  outcome.set_ended_by(v1::PARTY_TIMER);
  End(turn, outcome);
}

}  // namespace callbridge::flow
