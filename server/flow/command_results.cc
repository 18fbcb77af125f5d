#include "server/flow/command_results.h"

#include "server/base/command_kinds.h"
#include "server/flow/apologizing.h"
#include "server/flow/audio.h"
#include "server/flow/caller_phases.h"
#include "server/flow/command_names.h"
#include "server/flow/conference.h"
#include "server/flow/conference_facts.h"
#include "server/flow/dial_rules.h"
#include "server/flow/dialing.h"
#include "server/flow/failing.h"
#include "server/flow/hangup.h"
#include "server/flow/joining.h"
#include "server/flow/look_facts.h"
#include "server/flow/requested_digits.h"
#include "server/flow/retry.h"
#include "server/flow/sound_facts.h"
#include "server/flow/sound_results.h"

namespace callbridge::flow {
namespace {

// A FindDial looks for a call. It may also show the conference, which is not what it looked for.
bool FoundWhatItLookedFor(const Command& command, const CommandResult& result) {
  if (command.has_find_dial()) return result.calls_size() > 0;
  return result.calls_size() + result.conferences_size() > 0;
}

v1::CommandFinished::Result PublicResult(const Command& command, const CommandResult& result) {
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      if (!base::IsLook(command)) return v1::CommandFinished::RESULT_DONE;
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

bool WantsConference(const Session& session) {
  const bool preparing = session.has_answering_caller() || session.has_dialing_caller();
  return preparing && !IsConferenceKnown(session);
}

bool BeginsSound(const Command& command) {
  return command.has_play_prompt() || command.has_play_music() || command.has_capture_digits();
}

bool IsApology(const Session& session, const Command& command) {
  const Lane& lane = LaneOf(session, session.legs(0));
  return lane.command() == command.number() && lane.prompt() == v1::PROMPT_KIND_APOLOGY;
}

// Passes the result to the code for this kind of command.
Next OnResult(Course& course, OpenCommand& open, const CommandResult& result) {
  const Command command = open.command();
  const bool certainly_not_done = IsCertainFailure(result);
  switch (command.action_case()) {
    case Command::kAnswerCall:
      if (certainly_not_done && course.session().has_answering_caller()) {
        RetryCertainFailure(course, open, result);
        return Stay{};
      }
      return OnAnswerCallResult(course, open, result);
    case Command::kCreateConference:
      if (!certainly_not_done) {
        OnCreateConferenceResult(course, open, result);
      } else if (WantsConference(course.session())) {
        RetryCertainFailure(course, open, result);
      } else {
        course.Close(command.number());
      }
      return Stay{};
    case Command::kAddCaller:
      OnAddCallerResult(course, open, result);
      return Stay{};
    case Command::kDialLeg:
      OnDialResult(course, open, result);
      return Stay{};
    case Command::kPlayPrompt:
    case Command::kPlayMusic:
    case Command::kCaptureDigits:
      OnSoundResult(course, open, result);
      return Stay{};
    case Command::kStopPlay:
      course.Close(command.number());
      OnStopPlayResult(course, command, result);
      return Stay{};
    case Command::kHangUpCall:
    case Command::kHangUpConference:
      course.Close(command.number());
      OnHangUpResult(course, command, result);
      return Stay{};
    case Command::kUpdateAudio:
      OnUpdateAudioResult(course, open, result);
      return Stay{};
    case Command::kSendDigits:
      OnSendDigitsResult(course, open, result);
      return Stay{};
    case Command::kSendRinging:
      course.Close(command.number());
      OnSendRingingResult(course, result);
      return Stay{};
    case Command::kLookAtCall:
    case Command::kLookAtConference:
    case Command::kFindConference:
    case Command::kFindDial: {
      const Time asked = base::FromTimestamp(open.taken_time());
      course.Close(command.number());
      NoteLookResult(course, command, asked, result);
      return Stay{};
    }
    case Command::ACTION_NOT_SET:
      break;
  }
  throw BrokenInvariant{"every command has an action"};
}

// Handles a command that waited for its turn until its time had passed, and was never sent.
Next OnExpired(Course& course, const Command& command) {
  course.Close(command.number());
  if (command.has_dial_leg()) return OnDialExpired(course, command);
  if (command.has_send_digits()) OnSendDigitsExpired(course, command);
  const bool needed = course.session().has_dialing_caller() && !IsConferenceKnown(course.session());
  if (command.has_create_conference() && needed) return EndNotInTime(course);
  return Stay{};
}

}  // namespace

void OnCommandTaken(Course& course, const internal::v1::CommandTaken& taken) {
  OpenCommand* open = course.FindOpen(taken.number());
  if (open == nullptr || open->command().attempt() != taken.attempt()) {
    course.Ignore("no such attempt is open");
    return;
  }
  open->set_status(Command::STATUS_IN_FLIGHT);
  *open->mutable_taken_time() = base::ToTimestamp(course.learned());
  const Command& command = open->command();
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_DIAGNOSTIC);
  v1::CommandSent& sent = *event.mutable_command_sent();
  sent.set_command_number(command.number());
  sent.set_kind(CommandName(command));
  sent.set_leg_id(command.leg_id());
  sent.set_attempt(command.attempt());
  if (command.has_dial_leg()) OnDialTaken(course, *open);
  if (BeginsSound(command)) OnSoundTaken(course, *open);
  if (IsApology(course.session(), command)) OnApologyTaken(course);
}

Next OnCommandResult(Course& course, const CommandResult& result) {
  OpenCommand* open = course.FindOpen(result.number());
  const bool expired = result.verdict() == CommandResult::VERDICT_EXPIRED;
  if (open == nullptr || open->command().attempt() != result.attempt() ||
      open->status() != (expired ? Command::STATUS_PENDING : Command::STATUS_IN_FLIGHT)) {
    course.Ignore(expired ? "no such attempt is pending" : "no such attempt is in flight");
    return Stay{};
  }
  if (expired) {
    const Command command = open->command();
    return OnExpired(course, command);
  }
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_DIAGNOSTIC);
  v1::CommandFinished& finished = *event.mutable_command_finished();
  finished.set_command_number(result.number());
  finished.set_attempt(result.attempt());
  finished.set_result(PublicResult(open->command(), result));
  finished.set_http_status(result.http_status());
  if (result.has_took()) *finished.mutable_answer_duration() = result.took();
  if (result.has_error()) *finished.mutable_error() = result.error();
  return OnResult(course, *open, result);
}

}  // namespace callbridge::flow
