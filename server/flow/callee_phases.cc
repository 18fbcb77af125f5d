#include "server/flow/callee_phases.h"

#include "server/flow/callees.h"
#include "server/flow/dial_rules.h"
#include "server/flow/dialing.h"
#include "server/flow/joining.h"
#include "server/flow/lane.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/notice_facts.h"
#include "server/flow/notices.h"
#include "server/flow/phase_timers.h"
#include "server/flow/session_events.h"
#include "server/flow/sound_facts.h"
#include "server/flow/talk.h"

namespace callbridge::flow {

void EnterGreeting(Course& course) {
  LeavePhase(course);
  course.session().mutable_greeting();
  StartPrompt(course, Caller(course), v1::PROMPT_KIND_GREETING);
}

Next AdvanceGreeting(Course& course) {
  if (!IsQuiet(course.session(), Caller(course)) || AwaitsLook(course)) return Stay{};
  if (!AwaitsNotice(course.session(), Caller(course))) return ToDialingCallee{};
  BeginNotice(course, Caller(course));
  return Stay{};
}

void EnterDialingCallee(Course& course) {
  LeavePhase(course);
  course.session().mutable_dialing_callee();
  course.SetTimer(Timer::KIND_PHASE_LOOK, "",
                  course.now() + base::FromProtoDuration(course.timing().callee_silent()));
  StartMusic(course, Caller(course));
  DialCallee(course, kTheCallee);
}

Next AdvanceDialingCallee(Course& course) {
  if (const Leg* callee = CurrentCallee(course); callee != nullptr) {
    // The first sign of an answer stops the music.
    if (IsAnswered(*callee)) return ToStoppingMusic{};
    return Stay{};
  }
  const bool dialled = LastCallee(course) != nullptr;
  if (!dialled || HasOpenDial(course) || HoldsDial(course.session())) return Stay{};
  if (const auto end = EndOfTalk(course)) return *end;
  // The provider may have refused the dial only because the caller has left. So the phase waits for
  // the look at the caller.
  if (AwaitsLook(course)) return Stay{};
  return ToApologizing{};
}

void EnterStoppingMusic(Course& course) {
  LeavePhase(course);
  course.session().mutable_stopping_music();
  CancelPendingDials(course, v1::END_REASON_ANSWERED_ELSEWHERE);
  const Leg* callee = CurrentCallee(course);
  Require(callee != nullptr, "the music stops for somebody who has answered");
  const bool apart = IsKeptApart(course.session(), *callee);
  if (!apart) StopSound(course, Caller(course));
  if (IsJoined(*callee) || callee->dialled_apart()) {
    // The callee may leave without an event while the notice is said.
    const Duration silent = base::FromProtoDuration(course.timing().callee_silent());
    if (apart) course.SetTimer(Timer::KIND_PHASE_LOOK, "", course.now() + silent);
    return;
  }
  LookForTheJoin(course);
  // The deadlines count from when the flow learned of the answer. Otherwise an answer of long ago
  // would bring the verdict before any look.
  course.SetTimer(Timer::KIND_PHASE_LOOK, "",
                  course.learned() + base::FromProtoDuration(course.timing().join_callee_look()));
  course.SetTimer(
      Timer::KIND_PHASE_VERDICT, "",
      course.learned() + base::FromProtoDuration(course.timing().join_callee_verdict()));
}

Next AdvanceStoppingMusic(Course& course) {
  Leg* callee = CurrentCallee(course);
  if (callee == nullptr) {
    GiveUpCallee(course, nullptr);
    if (const auto end = EndOfTalk(course)) return *end;
    return ToApologizing{};
  }
  const bool joined = IsJoined(*callee);
  const bool hears = joined || (callee->dialled_apart() && IsAnswered(*callee));
  if (hears && AwaitsNotice(course.session(), *callee) && IsQuiet(course.session(), *callee)) {
    BeginNotice(course, *callee);
  }
  if (WaitsForNotice(course.session(), *callee)) return Stay{};
  if (hears && !joined) MoveCallee(course, *callee);
  if (IsKeptApart(course.session(), *callee)) return Stay{};
  if (callee->has_joining()) course.Withdraw(Command::kAddCaller);
  StopSound(course, Caller(course));
  if (joined && IsQuiet(course.session(), Caller(course)) && !AwaitsLook(course))
    return ToAnnouncing{};
  return Stay{};
}

void EnterAnnouncing(Course& course) {
  LeavePhase(course);
  course.session().mutable_announcing();
  BeginTalk(course, course.now());
  SetRoutineLook(course);
  StartPrompt(course, Caller(course), v1::PROMPT_KIND_ANNOUNCEMENT);
}

Next AdvanceAnnouncing(Course& course) {
  if (const auto end = EndOfTalk(course)) return *end;
  if (IsQuiet(course.session(), Caller(course)) && !AwaitsLook(course)) return ToConnected{};
  return Stay{};
}

// The timers of Announcing stay: the routine look at the talk goes on.
void EnterConnected(Course& course) { course.session().mutable_connected(); }

Next AdvanceConnected(Course& course) {
  if (const auto end = EndOfTalk(course)) return *end;
  return Stay{};
}

Next OnMaxDurationTimer(Course& course) {
  TellDeadline(course, "maximum duration",
               course.now() - base::FromTimestamp(course.session().connect_time()));
  ToEnding end =
      EndWith(v1::Outcome::RESULT_COMPLETED, v1::END_REASON_MAX_DURATION, v1::PARTY_DEADLINE);
  end.outcome.add_cause_sequences(course.session().sequence());
  return end;
}

}  // namespace callbridge::flow
