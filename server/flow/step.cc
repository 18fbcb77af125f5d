// The transition table: where each phase goes when the input is the next thing that is learned.
// An input that is not named leaves the phase as it is. "conference" is the answer to
// CreateConference. "conference-gone" is a CONFERENCE_FINISHED for which the service did not ask,
// without any news of the legs. "silence" means that nothing more is heard until the last deadline
// of the phase. "defect" is a broken invariant. A test plays every phase × every input against this
// table.
//
//   Offered         | start           | AnsweringCaller
//   Offered         | end             | Ending
//   Offered         | caller-gone     | Ended
//   Offered         | defect          | Ending
//   Offered         | silence         | Ending
//
//   AnsweringCaller | end             | Ending
//   AnsweringCaller | conference      | JoiningCaller
//   AnsweringCaller | caller-gone     | Ended
//   AnsweringCaller | defect          | Ending
//   AnsweringCaller | silence         | Apologizing
//
//   DialingCaller   | end             | Ending
//   DialingCaller   | caller-joined   | Greeting
//   DialingCaller   | caller-gone     | Ending
//   DialingCaller   | conference-gone | Ending
//   DialingCaller   | defect          | Ending
//   DialingCaller   | silence         | Ending
//
//   JoiningCaller   | end             | Ending
//   JoiningCaller   | caller-joined   | Greeting
//   JoiningCaller   | caller-gone     | Ending
//   JoiningCaller   | conference-gone | Ending
//   JoiningCaller   | defect          | Ending
//   JoiningCaller   | silence         | Apologizing
//
//   Greeting        | end             | Ending
//   Greeting        | caller-gone     | Ending
//   Greeting        | sound-over      | DialingCallee
//   Greeting        | conference-gone | Ending
//   Greeting        | defect          | Ending
//   Greeting        | silence         | DialingCallee
//
//   DialingCallee   | end             | Ending
//   DialingCallee   | caller-gone     | Ending
//   DialingCallee   | callee-answered | StoppingMusic
//   DialingCallee   | callee-joined   | StoppingMusic
//   DialingCallee   | callee-gone     | Apologizing
//   DialingCallee   | conference-gone | Ending
//   DialingCallee   | defect          | Ending
//   DialingCallee   | silence         | Apologizing
//
//   StoppingMusic   | end             | Ending
//   StoppingMusic   | caller-gone     | Ending
//   StoppingMusic   | callee-gone     | Apologizing
//   StoppingMusic   | conference-gone | Ending
//   StoppingMusic   | defect          | Ending
//   StoppingMusic   | silence         | Apologizing
//
//   Announcing      | end             | Ending
//   Announcing      | caller-gone     | Ending
//   Announcing      | callee-gone     | Ending
//   Announcing      | sound-over      | Connected
//   Announcing      | conference-gone | Ending
//   Announcing      | defect          | Ending
//   Announcing      | silence         | Connected
//
//   Connected       | end             | Ending
//   Connected       | caller-gone     | Ending
//   Connected       | callee-gone     | Ending
//   Connected       | conference-gone | Ending
//   Connected       | defect          | Ending
//   Connected       | silence         | Ending
//
//   Apologizing     | end             | Ending
//   Apologizing     | caller-gone     | Ending
//   Apologizing     | sound-over      | Ending
//   Apologizing     | conference-gone | Ending
//   Apologizing     | defect          | Ending
//   Apologizing     | silence         | Ending
//
//   Ending          | silence         | Ended
//
// Ended absorbs everything.
//
// These pairs end differently depending on which is learned first (invariant 21); all other orders
// end alike: callee joined | caller gone: COMPLETED if the join was learned first, else
// CALLER_ABANDONED. callee joined | ring deadline: connected if the apology had not left, else
// CALLEE_UNREACHED. callee gone | caller gone: CALLEE_UNREACHED if the apology had begun, else
// CALLER_ABANDONED.
#include "server/flow/step.h"

#include <chrono>
#include <string>

#include "server/base/limits.h"
#include "server/flow/audio.h"
#include "server/flow/beginning.h"
#include "server/flow/command_results.h"
#include "server/flow/course.h"
#include "server/flow/deadlines.h"
#include "server/flow/dial_rules.h"
#include "server/flow/ending.h"
#include "server/flow/follow.h"
#include "server/flow/giving_up.h"
#include "server/flow/hangup.h"
#include "server/flow/leg_requests.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/notices.h"
#include "server/flow/phases.h"
#include "server/flow/provider_events.h"
#include "server/flow/public_view.h"
#include "server/flow/recording_requests.h"
#include "server/flow/recordings.h"
#include "server/flow/requested_digits.h"
#include "server/flow/requested_sounds.h"
#include "server/flow/timers.h"
#include "server/flow/upgrade.h"

namespace callbridge::flow {
namespace {

// More than there are phases: a step that enters more of them goes in a circle.
constexpr int kPhasesPerStepMax = 16;
// How many timers of one session may fire in one step. Each fires once, and is set again only for a
// later time.
constexpr int kTimersPerStepMax = 64;
// As the default of the longest pause between two hangups (timing.hangup_backoff_max).
constexpr std::chrono::seconds kBrokenTimerPause{30};

// Records the input, does what follows from it, and leaves each phase for which enough is known.
void StepInput(Course& course);
// Ends a session in whose step an invariant broke.
Transition EndBroken(const Session& session, const Input& input, const BrokenInvariant& broken,
                     const Timer& fired);

}  // namespace

Transition Step(const Session& session, const Input& input) {
  Course course(session, input);
  try {
    StepInput(course);
    // An input that changed nothing does not count, so it may come as often as it likes.
    if (!course.ignored()) course.session().set_inputs(course.session().inputs() + 1);
    if (!course.session().given_up()) RefreshIssues(&course.session(), course.now());
    return course.Finish();
  } catch (const BrokenInvariant& broken) {
    return EndBroken(session, input, broken, course.last_fired());
  }
}

namespace {

// Goes on through as many phases as the rules lead with what is known now.
void Advance(Course& course) {
  FollowNews(course);
  GiveUpForbidden(course);
  for (int i = 0; i < kPhasesPerStepMax; ++i) {
    const Session::PhaseCase before = course.session().phase_case();
    Enter(course, NextOf(course));
    FollowNews(course);
    HangUpUnwanted(course);
    SettleAudio(course);
    SettleNotices(course);
    SettleRecordings(course);
    if (course.session().phase_case() != before) continue;
    // The phase stands, so that what clients asked for delays none of its rules.
    SettleSounds(course);
    SettleDigits(course);
    return RefreshTimers(course);
  }
  Require(false, "one step leads through more phases than there are");
}

void OnTimersDue(Course& course) {
  Timer timer;
  int fired = 0;
  while (course.TakeDueTimer(&timer)) {
    Require(++fired <= kTimersPerStepMax, "timers do not fire for ever");
    Enter(course, OnTimer(course, timer));
    Advance(course);
  }
  if (fired == 0) course.Ignore("no timer is due");
}

// Looks at a leg whose call the provider did not list. A list proves nothing about a single call,
// but two looks at the call prove its end.
void OnCallMissing(Course& course, const internal::v1::CallMissing& missing) {
  Leg* leg = LegOfCall(course, missing.call_id());
  if (leg == nullptr || IsEnded(*leg)) return course.Ignore("no living leg has this call");
  if (course.session().has_ended()) return course.Ignore("the session has ended");
  // A routine look that has not left gives way to the new look.
  const OpenCommand* look = course.FindOpen(Command::kLookAtCall, leg->leg_id());
  if (look != nullptr && !look->command().routine()) return course.Ignore("it is being looked at");
  LookAtCall(course, *leg);
}

Next OnInput(Course& course) {
  const Input& input = course.input();
  switch (input.input_case()) {
    case Input::kProviderEvent:
      OnProviderEvent(course, input.provider_event());
      return Stay{};
    case Input::kIncomingCall:
      return OnIncomingCall(course, input.incoming_call());
    case Input::kStartBridge:
      return OnStartBridge(course, input.start_bridge());
    case Input::kEndSession:
      course.Accept();
      return EndByRequest(course, input.end_session().reason());
    case Input::kCommandTaken:
      OnCommandTaken(course, input.command_taken());
      return Stay{};
    case Input::kCommandResult:
      return OnCommandResult(course, input.command_result());
    case Input::kCondemned:
      return EndAsInternal(course.session(), input.condemned().reference());
    case Input::kCallMissing:
      OnCallMissing(course, input.call_missing());
      return Stay{};
    case Input::kWorkerResumed:
      HoldDial(course);
      return Stay{};
    case Input::kTimerDue:
      OnTimersDue(course);
      return Stay{};
    case Input::kUpdateLeg:
      OnUpdateLeg(course, input.update_leg());
      return Stay{};
    case Input::kRequestSound:
      OnRequestSound(course, input.request_sound());
      return Stay{};
    case Input::kStopSounds:
      OnStopSounds(course, input.stop_sounds());
      return Stay{};
    case Input::kRequestDigits:
      OnRequestDigits(course, input.request_digits());
      return Stay{};
    case Input::kRequestRecording:
      OnRequestRecording(course, input.request_recording());
      return Stay{};
    case Input::INPUT_NOT_SET:
      course.Ignore("the input is empty");
      return Stay{};
  }
  return Stay{};
}

// True if the input may end a talk. Other inputs are ignored when there are too many, so that two
// who talk are not cut off.
bool MayEndATalk(const Input& input) {
  if (!input.has_provider_event()) return true;
  switch (input.provider_event().type()) {
    case internal::v1::ProviderEvent::TYPE_CALL_FINISHED:
    case internal::v1::ProviderEvent::TYPE_CALL_FAILED:
    case internal::v1::ProviderEvent::TYPE_PARTICIPANT_REMOVED:
    case internal::v1::ProviderEvent::TYPE_CONFERENCE_FINISHED:
      return true;
    default:
      return false;
  }
}

// Notes that the command which the input tells of has left, without the rules. An end that follows
// cannot cancel it.
void NoteLeft(Course& course) {
  if (!course.input().has_command_taken()) return;
  const internal::v1::CommandTaken& taken = course.input().command_taken();
  OpenCommand* open = course.FindOpen(taken.number());
  if (open == nullptr || open->command().attempt() != taken.attempt()) return;
  open->set_status(Command::STATUS_IN_FLIGHT);
  Leg* leg = open->command().has_dial_leg() ? LegOfDial(course, taken.number()) : nullptr;
  if (leg == nullptr || IsSent(*leg)) return;
  *ShowLeg(course, *leg).mutable_sent_time() = base::ToTimestamp(course.learned());
}

// Gives up a session that a later version has stepped, because these rules cannot tell what its
// fields mean.
void EndOfLaterLayout(Course& course) {
  // The worker steps what has left first.
  if (course.input().has_command_taken()) return NoteLeft(course);
  GiveUp(course, "a later version of this service has stepped the session");
}

// True if the rules must not see the input, because it is ignored or ends the session by itself.
bool IsBarred(Course& course) {
  const Session& session = course.session();
  const Input& input = course.input();
  if (session.given_up()) {
    course.Ignore("the session was given up");
    return true;
  }
  if (input.condemned().given_up()) {
    GiveUp(course, input.condemned().reference());
    return true;
  }
  if (session.layout() > kLayout) {
    EndOfLaterLayout(course);
    return true;
  }
  const bool begun = session.phase_case() != Session::PHASE_NOT_SET;
  if (!begun && !input.has_incoming_call() && !input.has_start_bridge()) {
    course.Ignore("the session has not begun");
    return true;
  }
  const bool too_many = begun && session.inputs() >= base::kInputsPerSessionMax;
  // A command that has left is noted by the rules. The next input ends the session.
  if (!too_many || session.has_outcome() || input.has_command_taken()) return false;
  if (!session.has_connected()) {
    Enter(course, EndAsInternal(session, "more inputs than a session may have"));
    FollowNews(course);
    RefreshTimers(course);
    return true;
  }
  if (MayEndATalk(input)) return false;
  course.Ignore("the talk has had as many inputs as it may: only what can end it is taken");
  return true;
}

void StepInput(Course& course) {
  if (course.input().has_condemned()) course.session().set_condemned(true);
  if (IsBarred(course)) return;
  Enter(course, OnInput(course));
  Advance(course);
  BoundPursuit(course);
}

// Removes a timer at which an invariant broke. It would be due for ever, and no other timer would
// fire. Once the outcome is decided it is set again for later, because verdict and hangups must not
// be lost. Before that, the end that follows sets timers of its own.
void PutOff(Course& course, const Timer& timer) {
  course.ClearTimer(timer.kind(), timer.subject());
  const bool fired = timer.kind() != Timer::KIND_UNSPECIFIED;
  if (fired && course.session().has_outcome()) {
    course.SetTimer(timer.kind(), timer.subject(), course.now() + kBrokenTimerPause);
  }
}

Transition EndBroken(const Session& session, const Input& input, const BrokenInvariant& broken,
                     const Timer& fired) {
  // This starts again from the session as it was before the step. The session ends and hangs
  // everything up. The input stays stored, so that operators can find the defect.
  Course course(session, input);
  course.session().set_inputs(course.session().inputs() + 1);
  course.Ignore("broken invariant: " + broken.what);
  PutOff(course, fired);
  NoteLeft(course);
  if (session.legs_size() > 0) Enter(course, EndAsInternal(session, broken.what));
  FollowNews(course);
  RefreshTimers(course);
  return course.Finish();
}

}  // namespace
}  // namespace callbridge::flow
