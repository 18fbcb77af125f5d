#include "server/flow/phases.h"

#include <optional>
#include <variant>

#include "server/flow/adoption.h"
#include "server/flow/apologizing.h"
#include "server/flow/callee_phases.h"
#include "server/flow/caller_phases.h"
#include "server/flow/ending.h"
#include "server/flow/failing.h"
#include "server/flow/hangup.h"
#include "server/flow/joining.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/notices.h"
#include "server/flow/phase_timers.h"
#include "server/flow/reasons.h"
#include "server/flow/session_events.h"

namespace callbridge::flow {
namespace {

class Entry {
 public:
  explicit Entry(Course& course) : course_(course) {}

  void operator()(const Stay&) const {}
  void operator()(const ToOffered&) const { EnterOffered(course_); }
  void operator()(const ToAnsweringCaller&) const { EnterAnsweringCaller(course_); }
  void operator()(const ToDialingCaller&) const { EnterDialingCaller(course_); }
  void operator()(const ToJoiningCaller&) const { EnterJoiningCaller(course_); }
  void operator()(const ToGreeting&) const { EnterGreeting(course_); }
  void operator()(const ToDialingCallee&) const { EnterDialingCallee(course_); }
  void operator()(const ToStoppingMusic&) const { EnterStoppingMusic(course_); }
  void operator()(const ToAnnouncing&) const { EnterAnnouncing(course_); }
  void operator()(const ToConnected&) const { EnterConnected(course_); }
  void operator()(const ToApologizing& why) const { EnterApologizing(course_, why); }
  void operator()(const ToEnding& end) const { EnterEnding(course_, end); }
  void operator()(const ToEnded&) const { EnterEnded(course_); }

 private:
  Course& course_;
};

// Returns the end of a session whose caller is gone. The result depends on how far the bridge was.
Next EndWithoutCaller(Knowledge& known) {
  const Leg& caller = Caller(known);
  v1::Outcome outcome;
  const bool never_came = known.session().has_dialing_caller() && !IsAnswered(caller);
  outcome.set_reason(never_came ? v1::END_REASON_UNREACHABLE : v1::END_REASON_HUNG_UP);
  outcome.set_ended_by(never_came ? v1::PARTY_PROVIDER : v1::PARTY_CALLER);
  ExplainByEnd(caller, &outcome);
  outcome.add_cause_sequences(caller.last_event());
  switch (known.session().phase_case()) {
    case Session::kAnnouncing:
    case Session::kConnected:
      outcome.set_result(v1::Outcome::RESULT_COMPLETED);
      break;
    case Session::kApologizing:
      return EndOfApology(known);
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
  return ToEnding{outcome};
}

// True if the caller is gone although the phase goes on only with a caller.
bool IsWithoutCaller(Knowledge& known) {
  return !known.session().has_ending() && IsGone(Caller(known));
}

}  // namespace

void Enter(Course& course, const Next& next) { std::visit(Entry(course), next); }

Next NextOf(Course& course) {
  if (course.session().has_ended()) return Stay{};
  KeepOneCallee(course);
  if (IsWithoutCaller(course)) {
    // PARTICIPANT_JOIN_FAILED of a dialled caller gives no reason. The end of the call follows, and
    // gives it.
    const bool unexplained = course.session().has_dialing_caller() && !IsEnded(Caller(course));
    if (!unexplained) return EndWithoutCaller(course);
    AwaitReason(course);
    return Stay{};
  }
  if (const auto end = EndOfRefusal(course)) return *end;
  switch (course.session().phase_case()) {
    case Session::kOffered:
      return Stay{};  // The phase waits for StartBridge, the call's end or the offer's timeout.
    case Session::kAnsweringCaller:
      return AdvanceAnsweringCaller(course);
    case Session::kDialingCaller:
      return AdvanceDialingCaller(course);
    case Session::kJoiningCaller:
      return AdvanceJoiningCaller(course);
    case Session::kGreeting:
      return AdvanceGreeting(course);
    case Session::kDialingCallee:
      return AdvanceDialingCallee(course);
    case Session::kStoppingMusic:
      return AdvanceStoppingMusic(course);
    case Session::kAnnouncing:
      return AdvanceAnnouncing(course);
    case Session::kConnected:
      return AdvanceConnected(course);
    case Session::kApologizing:
      return AdvanceApologizing(course);
    case Session::kEnding:
      return AdvanceEnding(course);
    case Session::kEnded:
    case Session::PHASE_NOT_SET:
      return Stay{};
  }
  return Stay{};
}

void OnPhaseLookTimer(Course& course) {
  Session& session = course.session();
  const internal::v1::Timing& timing = course.timing();
  Duration again = Duration::zero();
  switch (session.phase_case()) {
    case Session::kAnsweringCaller:
      LookAtCall(course, Caller(course));
      break;
    case Session::kJoiningCaller:
      LookAtConference(course);
      OnJoinRetryTimer(course);
      again = base::FromProtoDuration(timing.join_caller_look());
      break;
    case Session::kDialingCallee:
      // The look finds a callee whose answer was not told, and a caller who has left. Otherwise the
      // ringing would go on until the ring timeout.
      LookAtConference(course);
      again = base::FromProtoDuration(timing.callee_silent());
      break;
    case Session::kDialingCaller:
      if (!IsAnswered(Caller(course))) {
        LookAtCall(course, Caller(course));
        again = base::FromProtoDuration(timing.callee_silent());
        break;
      }
      [[fallthrough]];
    case Session::kStoppingMusic:
      LookAtConference(course);
      OnJoinRetryTimer(course);
      again = base::FromProtoDuration(timing.join_callee_look());
      break;
    case Session::kConnected:
    case Session::kAnnouncing:
      LookAtConference(course, Haste::kRoutine);
      SetRoutineLook(course);
      break;
    default:
      break;
  }
  if (again > Duration::zero()) {
    course.SetTimer(Timer::KIND_PHASE_LOOK, "", course.now() + again);
  }
}

Next OnPhaseVerdictTimer(Course& course) {
  const internal::v1::Timing& timing = course.timing();
  const auto tell = [&course](std::string_view waited_for,
                              const google::protobuf::Duration& after) {
    TellDeadline(course, waited_for, base::FromProtoDuration(after));
  };
  switch (course.session().phase_case()) {
    case Session::kAnsweringCaller:
      tell("caller answered and conference created", timing.answer_verdict());
      return FailForDelay(course);
    case Session::kJoiningCaller:
      tell("caller joined", timing.join_caller_verdict());
      return FailForDelay(course);
    case Session::kDialingCaller:
      if (IsGone(Caller(course))) {
        tell("why the caller did not join", timing.conference_gone());
        return EndWithoutCaller(course);
      }
      if (Caller(course).dial() == 0 && IsTooLateToStart(course)) return EndNotInTime(course);
      if (IsAnswered(Caller(course))) {
        tell("caller joined", timing.join_callee_verdict());
      } else {
        tell("conference created", timing.answer_verdict());
      }
      return FailForDelay(course);
    case Session::kStoppingMusic: {
      Leg* callee = CurrentCallee(course);
      Require(callee != nullptr, "without a callee this phase is left at once");
      // The callee has joined. The phase waits only for the end of the sound, which has deadlines
      // of its own.
      if (IsJoined(*callee)) return Stay{};
      tell("callee joined", timing.join_callee_verdict());
      GiveUpCallee(course, callee);
      return ToApologizing{v1::END_REASON_UNREACHABLE, v1::PARTY_DEADLINE, std::nullopt};
    }
    case Session::kApologizing:
      tell("why the callee did not join", timing.conference_gone());
      return EndOfApology(course);
    case Session::kEnding:
      return OnEndingVerdictTimer(course);
    default:
      return Stay{};
  }
}

Next OnConferenceGoneTimer(Course& course) {
  TellDeadline(course, "why the conference finished",
               base::FromProtoDuration(course.timing().conference_gone()));
  // The phase already knows why the bridge failed.
  if (course.session().has_apologizing()) return EndOfApology(course);
  // If the two were in the conference together, EnterEnding turns this into COMPLETED.
  return EndWith(v1::Outcome::RESULT_FAILED, v1::END_REASON_LOST, v1::PARTY_PROVIDER);
}

}  // namespace callbridge::flow
