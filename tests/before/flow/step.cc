// The transition table: where each phase goes when the input is the next thing that is learned.
// Inputs that are not named leave the phase as it is. "conference" is the answer to
// CreateConference; "conference-gone" is CONFERENCE_FINISHED that nobody asked for, and no word of
// the legs; "silence" is that nothing at all is heard any more, until the last deadline of the
// phase; "defect" is a broken invariant. A test plays every phase × every input against this table.
//
//   Offered: start -> AnsweringCaller, end -> Ending, caller-gone -> Ended, defect -> Ending,
//       silence -> Ending
//   AnsweringCaller: end -> Ending, conference -> JoiningCaller, caller-gone -> Ended,
//       defect -> Ending, silence -> Apologizing
//   DialingCaller: end -> Ending, caller-joined -> Greeting, caller-gone -> Ending,
//       conference-gone -> Ending, defect -> Ending, silence -> Ending
//   JoiningCaller: end -> Ending, caller-joined -> Greeting, caller-gone -> Ending,
//       conference-gone -> Ending, defect -> Ending, silence -> Apologizing
//   Greeting: end -> Ending, caller-gone -> Ending, sound-over -> DialingCallee,
//       conference-gone -> Ending, defect -> Ending, silence -> DialingCallee
//   DialingCallee: end -> Ending, caller-gone -> Ending, callee-answered -> StoppingMusic,
//       callee-joined -> StoppingMusic, callee-gone -> Apologizing, conference-gone -> Ending,
//       defect -> Ending, silence -> Apologizing
//   StoppingMusic: end -> Ending, caller-gone -> Ending, callee-gone -> Apologizing,
//       conference-gone -> Ending, defect -> Ending, silence -> Apologizing
//   Announcing: end -> Ending, caller-gone -> Ending, callee-gone -> Ending,
//       sound-over -> Connected, conference-gone -> Ending, defect -> Ending,
//       silence -> Connected
//   Connected: end -> Ending, caller-gone -> Ending, callee-gone -> Ending,
//       conference-gone -> Ending, defect -> Ending, silence -> Ending
//   Apologizing: end -> Ending, caller-gone -> Ending, sound-over -> Ending,
//       conference-gone -> Ending, defect -> Ending, silence -> Ending
//   Ending: silence -> Ended
//   Ended: absorbs everything
//
// These pairs end differently depending on which is learned first (invariant 21); all other orders
// end alike: callee joined | caller gone: COMPLETED if the join was learned first, else
// CALLER_ABANDONED. callee joined | ring deadline: connected if the apology had not left, else
// CALLEE_UNREACHED. callee gone | caller gone: CALLEE_UNREACHED if the apology had begun, else
// CALLER_ABANDONED.
#include "tests/before/flow/step.h"

#include <chrono>
#include <string>

#include "server/base/limits.h"
#include "tests/before/flow/beginning.h"
#include "tests/before/flow/conference.h"
#include "tests/before/flow/dialing.h"
#include "tests/before/flow/ending.h"
#include "tests/before/flow/giving_up.h"
#include "tests/before/flow/hangup.h"
#include "tests/before/flow/lane.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"
#include "tests/before/flow/phases.h"
#include "tests/before/flow/public_view.h"
#include "tests/before/flow/retry.h"
#include "tests/before/flow/turn.h"
#include "tests/before/flow/verdicts.h"
#include "tests/before/flow/witness.h"

namespace callbridge::flow_before {
namespace {

// Timers of one session that may fire in one step; each fires once and is armed again for later, if
// at all.
constexpr int kTimersPerStepMax = 64;
// As far apart as hangups at last.
constexpr std::chrono::seconds kBrokenTimerPause{30};

// The conference that a FindDial shows is only a witness: what it looked for is the call.
bool FoundWhatItLookedFor(const Command& command, const CommandResult& result) {
  if (command.has_find_dial()) return result.calls_size() > 0;
  return result.calls_size() + result.conferences_size() > 0;
}

v1::CommandFinished::Result PublicResult(const Command& command, const CommandResult& result) {
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      if (!IsLook(command.action_case())) return v1::CommandFinished::RESULT_DONE;
      return FoundWhatItLookedFor(command, result) ? v1::CommandFinished::RESULT_SEEN
                                                   : v1::CommandFinished::RESULT_NOT_SEEN;
    case CommandResult::VERDICT_REFUSED:
      return v1::CommandFinished::RESULT_REFUSED;
    case CommandResult::VERDICT_NOT_SENT:
    case CommandResult::VERDICT_THROTTLED:
      return v1::CommandFinished::RESULT_RETRYING;
    default:
      return v1::CommandFinished::RESULT_UNKNOWN;
  }
}

void OnCommandTaken(Turn& turn, const before::v1::CommandTaken& taken) {
  OpenCommand* open = turn.FindOpen(taken.number());
  if (open == nullptr || open->command().attempt() != taken.attempt()) {
    turn.Ignore("no such attempt is open");
    return;
  }
  open->set_status(OpenCommand::STATUS_IN_FLIGHT);
  *open->mutable_taken_time() = base::ToTimestamp(turn.learned());
  const Command& command = open->command();
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_DIAGNOSTIC);
  v1::CommandSent& sent = *event.mutable_command_sent();
  sent.set_command_number(command.number());
  sent.set_kind(CommandName(command));
  sent.set_leg_id(command.leg_id());
  sent.set_attempt(command.attempt());
  if (command.has_dial_leg()) OnDialTaken(turn, *open);
  if (command.has_play_prompt() || command.has_play_music()) OnSoundTaken(turn, *open);
  if (command.has_play_prompt() && turn.session().has_apologizing()) OnApologyTaken(turn);
}

void Dispatch(Turn& turn, OpenCommand& open, const CommandResult& result) {
  const Command command = open.command();
  const bool certainly_not_done = result.verdict() == CommandResult::VERDICT_NOT_SENT ||
                                  result.verdict() == CommandResult::VERDICT_THROTTLED;
  switch (command.action_case()) {
    case Command::kAnswerCall:
      if (certainly_not_done && turn.session().has_answering_caller()) {
        return RetryCertainFailure(turn, open, result);
      }
      return OnAnswerResult(turn, open, result);
    case Command::kCreateConference:
      if (certainly_not_done) {
        const bool preparing =
            turn.session().has_answering_caller() || turn.session().has_dialing_caller();
        const bool wanted = preparing && !IsConferenceKnown(turn.session());
        if (wanted) return RetryCertainFailure(turn, open, result);
        return turn.Close(command.number());
      }
      return OnCreateConferenceResult(turn, open, result);
    case Command::kAddCaller:
      return OnAddCallerResult(turn, open, result);
    case Command::kDialLeg:
      return OnDialResult(turn, open, result);
    case Command::kPlayPrompt:
    case Command::kPlayMusic:
      return OnSoundResult(turn, open, result);
    case Command::kStopPlay:
      turn.Close(command.number());
      return OnStopPlayResult(turn, command, result);
    case Command::kHangUpCall:
    case Command::kHangUpConference:
      turn.Close(command.number());
      return OnHangUpResult(turn, command, result);
    case Command::kSendRinging:
      turn.Close(command.number());
      return OnSendRingingResult(turn, result);
    case Command::kLookAtCall:
    case Command::kLookAtConference:
    case Command::kFindConference:
    case Command::kFindDial: {
      const Time asked = base::FromTimestamp(open.taken_time());
      turn.Close(command.number());
      return OnLookResult(turn, command, asked, result);
    }
    case Command::ACTION_NOT_SET:
      break;
  }
  Require(false, "every command has an action");
}

// It waited for its turn, and its time has passed.
void OnExpired(Turn& turn, const Command& command) {
  turn.Close(command.number());
  if (command.has_dial_leg()) return OnDialExpired(turn, command.number());
  const bool needed = turn.session().has_dialing_caller() && !IsConferenceKnown(turn.session());
  if (command.has_create_conference() && needed) EndNotInTime(turn);
}

void OnCommandResult(Turn& turn, const CommandResult& result) {
  OpenCommand* open = turn.FindOpen(result.number());
  const bool expired = result.verdict() == CommandResult::VERDICT_EXPIRED;
  if (open == nullptr || open->command().attempt() != result.attempt() ||
      open->status() != (expired ? OpenCommand::STATUS_PENDING : OpenCommand::STATUS_IN_FLIGHT)) {
    turn.Ignore(expired ? "no such attempt is pending" : "no such attempt is in flight");
    return;
  }
  if (expired) {
    const Command command = open->command();
    return OnExpired(turn, command);
  }
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_DIAGNOSTIC);
  v1::CommandFinished& finished = *event.mutable_command_finished();
  finished.set_command_number(result.number());
  finished.set_attempt(result.attempt());
  finished.set_result(PublicResult(open->command(), result));
  finished.set_http_status(result.http_status());
  if (result.has_took()) *finished.mutable_answer_duration() = result.took();
  if (result.has_error()) *finished.mutable_error() = result.error();
  Dispatch(turn, *open, result);
}

Leg& LegOfTimer(Turn& turn, const Timer& timer) {
  Leg* leg = FindLeg(turn, timer.subject());
  Require(leg != nullptr, "a timer of a leg has its leg");
  return *leg;
}

void OnTimer(Turn& turn, const Timer& timer) {
  if (AsksFirst(turn, timer)) return;
  switch (timer.kind()) {
    case Timer::KIND_OFFER:
      return OnOfferTimer(turn);
    case Timer::KIND_PHASE_LOOK:
      return OnPhaseLookTimer(turn);
    case Timer::KIND_PHASE_VERDICT:
      return OnPhaseVerdictTimer(turn);
    case Timer::KIND_PROMPT:
      return OnPromptTimer(turn);
    case Timer::KIND_MEDIA_END:
      return OnMediaEndTimer(turn, base::FromTimestamp(timer.due_time()));
    case Timer::KIND_STOP_PLAY:
      return OnStopPlayTimer(turn);
    case Timer::KIND_SOUND_HELD:
      return OnSoundHeldTimer(turn);
    case Timer::KIND_DIAL_QUEUE:
      return OnDialQueueTimer(turn);
    case Timer::KIND_DIAL_LOOK:
      return OnDialLookTimer(turn, LegOfTimer(turn, timer));
    case Timer::KIND_CALLEE_SILENT:
      return;  // Of an earlier version: the phases look themselves.
    case Timer::KIND_RING_LOOK:
      return OnRingLookTimer(turn, LegOfTimer(turn, timer));
    case Timer::KIND_RING_VERDICT:
      return OnRingVerdictTimer(turn, LegOfTimer(turn, timer));
    case Timer::KIND_MAX_DURATION:
      return OnMaxDurationTimer(turn);
    case Timer::KIND_ABSENCE:
      return LookAtCall(turn, LegOfTimer(turn, timer));
    case Timer::KIND_HANGUP:
      return OnHangUpTimer(turn, timer.subject());
    case Timer::KIND_LOOK_AGAIN:
      return OnLookAgainTimer(turn, timer.subject());
    case Timer::KIND_CONFERENCE_GONE:
      return OnConferenceGoneTimer(turn);
    case Timer::KIND_ENDING_LOOK:
      return OnEndingLookTimer(turn);
    case Timer::KIND_PURSUIT_END:
      return OnPursuitEndTimer(turn);
    case Timer::KIND_JOIN_RETRY:
      return OnJoinRetryTimer(turn);
    case Timer::KIND_LOOK_ANSWER:
      return;  // The phase goes on without the answer.
    default:
      Require(false, "every timer has a kind");
  }
}

void OnTimerDue(Turn& turn) {
  Timer timer;
  int fired = 0;
  while (turn.TakeDueTimer(&timer)) {
    Require(++fired <= kTimersPerStepMax, "timers do not fire for ever");
    OnTimer(turn, timer);
    Advance(turn);
  }
  if (fired == 0) turn.Ignore("no timer is due");
}

// A list of the provider's calls proves nothing about one: the leg is looked at, and two looks
// prove its end.
void OnCallMissing(Turn& turn, const before::v1::CallMissing& missing) {
  Leg* leg = LegOfCall(turn, missing.call_id());
  if (leg == nullptr || IsEnded(*leg)) return turn.Ignore("no living leg has this call");
  if (turn.session().has_ended()) return turn.Ignore("the session has ended");
  // A routine look that has not left gives way.
  const OpenCommand* look = turn.FindOpen(Command::kLookAtCall, leg->leg_id());
  if (look != nullptr && !look->command().routine()) return turn.Ignore("it is being looked at");
  LookAtCall(turn, *leg);
}

// Two who talk are not cut off because too much is told about them.
bool MayEndATalk(const Input& input) {
  if (!input.has_provider_event()) return true;
  switch (input.provider_event().type()) {
    case before::v1::ProviderEvent::TYPE_CALL_FINISHED:
    case before::v1::ProviderEvent::TYPE_CALL_FAILED:
    case before::v1::ProviderEvent::TYPE_PARTICIPANT_REMOVED:
    case before::v1::ProviderEvent::TYPE_CONFERENCE_FINISHED:
      return true;
    default:
      return false;
  }
}

void StepInput(Turn& turn) {
  Session& session = turn.session();
  const Input& input = turn.input();
  if (session.given_up()) return turn.Ignore("the session was given up");
  if (input.condemned().given_up()) return GiveUp(turn, input.condemned().reference());
  const bool begun = session.phase_case() != Session::PHASE_NOT_SET;
  if (!begun && !input.has_incoming_call() && !input.has_start_bridge()) {
    turn.Ignore("the session has not begun");
    return;
  }
  if (begun && session.inputs() >= base::kInputsPerSessionMax && !session.has_outcome()) {
    if (!session.has_connected()) {
      EndAsInternal(turn, "more inputs than a session may have");
      return;
    }
    if (!MayEndATalk(input)) {
      turn.Ignore("the talk has had as many inputs as it may: only what can end it is taken");
      return;
    }
  }
  switch (input.input_case()) {
    case Input::kProviderEvent:
      OnProviderEvent(turn, input.provider_event());
      break;
    case Input::kIncomingCall:
      OnIncomingCall(turn, input.incoming_call());
      break;
    case Input::kStartBridge:
      OnStartBridge(turn, input.start_bridge());
      break;
    case Input::kEndSession:
      turn.Accept();
      EndByRequest(turn, input.end_session().reason());
      break;
    case Input::kCommandTaken:
      OnCommandTaken(turn, input.command_taken());
      break;
    case Input::kCommandResult:
      OnCommandResult(turn, input.command_result());
      break;
    case Input::kTimerDue:
      OnTimerDue(turn);
      break;
    case Input::kCondemned:
      EndAsInternal(turn, input.condemned().reference());
      break;
    case Input::kCallMissing:
      OnCallMissing(turn, input.call_missing());
      break;
    case Input::kWorkerResumed:
      HoldDial(turn);
      break;
    case Input::INPUT_NOT_SET:
      turn.Ignore("the input is empty");
      break;
  }
  Advance(turn);
  BoundPursuit(turn);
}

// A timer at which an invariant broke would be due for ever, and no other would have its turn. Once
// the outcome is decided it is asked again later, because verdict and hangups must not be lost;
// before that the end that follows sets timers of its own.
void PutOff(Turn& turn, const Timer& timer) {
  turn.ClearTimer(timer.kind(), timer.subject());
  const bool fired = timer.kind() != Timer::KIND_UNSPECIFIED;
  if (fired && turn.session().has_outcome()) {
    turn.SetTimer(timer.kind(), timer.subject(), turn.now() + kBrokenTimerPause);
  }
}

}  // namespace

Transition Step(const Session& session, const Input& input) {
  Turn turn(session, input);
  try {
    StepInput(turn);
    // What changed nothing may come as often as it likes.
    if (!turn.ignored()) turn.session().set_inputs(turn.session().inputs() + 1);
    if (!turn.session().given_up()) RefreshIssues(&turn.session(), turn.now());
    return turn.Finish();
  } catch (const BrokenInvariant& broken) {
    // Back to the session as it was: it ends, all is hung up, and the input stays with it for
    // whoever looks for the defect.
    Turn again(session, input);
    again.session().set_inputs(again.session().inputs() + 1);
    again.Ignore("broken invariant: " + broken.what);
    PutOff(again, turn.last_fired());
    if (again.session().legs_size() > 0) EndAsInternal(again, broken.what);
    return again.Finish();
  }
}

}  // namespace callbridge::flow_before
