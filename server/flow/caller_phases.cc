#include "server/flow/caller_phases.h"

#include <algorithm>

#include "server/base/account_refused.h"
#include "server/flow/conference.h"
#include "server/flow/conference_facts.h"
#include "server/flow/dial_rules.h"
#include "server/flow/dialing.h"
#include "server/flow/failing.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/phase_timers.h"
#include "server/flow/public_view.h"
#include "server/flow/reasons.h"
#include "server/flow/session_events.h"

namespace callbridge::flow {
namespace {

constexpr int kRingingLooks = 2;

// True if the webhook took so long to reach this service that its call may be over.
bool IsStale(const Knowledge& known) {
  if (!known.input().has_incoming_call()) return false;
  const ProviderEvent& event = known.input().incoming_call().event();
  Time happened = known.learned();
  if (event.has_occur_time())
    happened = std::min(happened, base::FromTimestamp(event.occur_time()));
  return known.now() - happened > base::FromProtoDuration(known.timing().stale_call());
}

void AnswerCaller(Course& course) {
  const Leg& caller = Caller(course);
  Command command;
  command.set_leg_id(caller.leg_id());
  command.set_base_url(caller.base_url());
  command.mutable_answer_call()->set_call_id(caller.call_id());
  course.Issue(command);
  CreateConference(course);
}

}  // namespace

void EnterOffered(Course& course) {
  LeavePhase(course);
  const Time expire = course.now() + base::FromProtoDuration(course.timing().offer());
  *course.session().mutable_offered()->mutable_expire_time() = base::ToTimestamp(expire);
  const Leg& caller = Caller(course);
  Command command;
  command.set_leg_id(caller.leg_id());
  command.set_base_url(caller.base_url());
  *command.mutable_not_after_time() = base::ToTimestamp(expire);
  command.mutable_send_ringing()->set_call_id(caller.call_id());
  course.Issue(command);
  // The caller may have hung up long before the offer is told. Then the answer to this look ends
  // it.
  if (IsStale(course)) LookAtCall(course, Caller(course));
  TellOffered(course);
}

void OnSendRingingResult(Course& course, const CommandResult& result) {
  // Send-ringing is a courtesy, so the offer stands whatever its result is. But a refusal may mean
  // that the call is over.
  const bool refused = result.verdict() == CommandResult::VERDICT_REFUSED;
  if (refused && course.session().has_offered()) LookAtCall(course, Caller(course));
}

void EnterAnsweringCaller(Course& course) {
  LeavePhase(course);
  course.Withdraw(Command::kSendRinging);
  // If the offered call is being looked at, it may be over. So it is answered only after the look.
  const bool look_first =
      IsStale(course) || course.FindOpen(Command::kLookAtCall, Caller(course).leg_id()) != nullptr;
  course.session().mutable_answering_caller()->set_look_first(look_first);
  TellStarted(course);
  SetPhaseDeadlines(course, course.timing().answer_look(), course.timing().answer_verdict());
  Leg& caller = Caller(course);
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_NORMAL);
  *event.mutable_leg_dialing()->mutable_leg() = PublicLeg(caller);
  event.mutable_leg_dialing()->set_attempt(1);
  if (look_first) {
    LookAtCall(course, caller);
  } else {
    AnswerCaller(course);
  }
}

Next AdvanceAnsweringCaller(Course& course) {
  const Leg& caller = Caller(course);
  const bool answered = IsAccepted(caller);
  if (!answered || !IsConferenceKnown(course.session())) return Stay{};
  course.Withdraw(Command::kAnswerCall);
  return ToJoiningCaller{};
}

Next OnAnswerCallResult(Course& course, OpenCommand& open, const CommandResult& result) {
  const std::int32_t number = result.number();
  if (!course.session().has_answering_caller()) {
    // The session has gone on without this answer. If it ends, it hangs the call up in any case.
    course.Close(number);
    return Stay{};
  }
  Leg& caller = Caller(course);
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      course.Close(number);
      caller.set_accepted(true);
      break;
    case CommandResult::VERDICT_REFUSED: {
      if (base::IsAccountRefused(result.http_status())) {
        course.Close(number);
        return OnPreparationRefused(
            course, ReasonOfRefusal(result.http_status(), result.error().name()), result);
      }
      // 400 or 404 means that the call is answered already, or is over. A look tells which. If the
      // call still rings, the answer is sent again.
      open.set_status(Command::STATUS_UNKNOWN);
      LookAtCall(course, caller);
      break;
    }
    default:
      if (IsAnswered(caller)) {
        course.Close(number);
        break;
      }
      open.set_status(Command::STATUS_UNKNOWN);
      LookAtCall(course, caller);
      course.SetTimer(Timer::KIND_LOOK_AGAIN, caller.leg_id(),
                      course.now() + base::FromProtoDuration(course.timing().look_again()));
      break;
  }
  return Stay{};
}

void OnCallLookedAt(Course& course, Leg& leg, const CallFacts& facts) {
  // While this service answers the call, the caller's leg is the only leg.
  if (!course.session().has_answering_caller() || IsEnded(leg) || IsAnswered(leg)) return;
  internal::v1::AnsweringCaller& answering = *course.session().mutable_answering_caller();
  if (answering.look_first()) {
    answering.set_look_first(false);
    AnswerCaller(course);
    return;
  }
  OpenCommand* answer = course.FindOpen(Command::kAnswerCall, leg.leg_id());
  const bool rings =
      facts.state() == CallFacts::STATE_RINGING || facts.state() == CallFacts::STATE_CALLING;
  if (answer == nullptr || answer->status() != Command::STATUS_UNKNOWN || !rings) return;
  const Duration pause = base::FromProtoDuration(course.timing().look_again());
  const bool counts =
      answering.ringing_looks() == 0 ||
      course.now() - base::FromTimestamp(answering.last_ringing_look_time()) >= pause;
  if (counts) {
    answering.set_ringing_looks(answering.ringing_looks() + 1);
    *answering.mutable_last_ringing_look_time() = base::ToTimestamp(course.now());
  }
  if (answering.ringing_looks() >= kRingingLooks) {
    answering.set_ringing_looks(0);
    course.Reissue(*answer, Duration::zero());
  } else {
    course.SetTimer(Timer::KIND_LOOK_AGAIN, leg.leg_id(), course.now() + pause);
  }
}

void EnterDialingCaller(Course& course) {
  LeavePhase(course);
  course.session().mutable_dialing_caller();
  TellStarted(course);
  Time verdict = course.now() + base::FromProtoDuration(course.timing().answer_verdict());
  if (course.session().has_start_before_time()) {
    verdict = std::min(verdict, base::FromTimestamp(course.session().start_before_time()));
  }
  course.SetTimer(Timer::KIND_PHASE_VERDICT, "", verdict);
  CreateConference(course);
}

Next AdvanceDialingCaller(Course& course) {
  const Leg& caller = Caller(course);
  if (IsJoined(caller)) return ToGreeting{};
  const bool dialled = caller.dial() != 0;
  if (!dialled && IsTooLateToStart(course)) return EndNotInTime(course);
  if (!dialled && IsConferenceKnown(course.session())) {
    // The conference exists. From now on the dial's own deadlines apply.
    course.ClearTimer(Timer::KIND_PHASE_VERDICT, "");
    course.SetTimer(Timer::KIND_PHASE_LOOK, "",
                    course.now() + base::FromProtoDuration(course.timing().callee_silent()));
    DialCaller(course);
    return Stay{};
  }
  if (IsAnswered(caller) && !course.HasTimer(Timer::KIND_PHASE_VERDICT, "")) {
    SetPhaseDeadlines(course, course.timing().join_callee_look(),
                      course.timing().join_callee_verdict());
    LookForTheJoin(course);
  }
  return Stay{};
}

void OnLookAgainTimer(Course& course, std::string_view subject) {
  if (subject == "conference") {
    FindConference(course);
    return;
  }
  // The subject is the caller. It is unknown whether the call was answered, or a dial is held until
  // a look shows the caller.
  Leg& caller = Caller(course);
  if (IsEnded(caller)) return;
  LookAtCall(course, caller);
  const bool awaits_answer = course.session().has_answering_caller() && !IsAnswered(caller);
  if (awaits_answer || HoldsDial(course.session())) {
    course.SetTimer(Timer::KIND_LOOK_AGAIN, subject,
                    course.now() + base::FromProtoDuration(course.timing().look_again()));
  }
}

Next OnOfferTimer() {
  return EndWith(v1::Outcome::RESULT_REJECTED, v1::END_REASON_OFFER_EXPIRED, v1::PARTY_DEADLINE);
}

}  // namespace callbridge::flow
