#include "server/flow/dial_rules.h"

#include <optional>
#include <utility>

#include "server/flow/callees.h"
#include "server/flow/dialing.h"
#include "server/flow/failing.h"
#include "server/flow/leg_end.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/session_events.h"

namespace callbridge::flow {

bool HasOpenDial(const Knowledge& known) { return known.FindOpen(Command::kDialLeg) != nullptr; }

bool HoldsDial(const Session& session) {
  return session.has_dialing_callee() && session.dialing_callee().has_held_dial();
}

void HoldDial(Course& course) {
  const OpenCommand* dial = PendingDial(course);
  if (!course.session().has_dialing_callee() || dial == nullptr) {
    course.Ignore("no callee's dial waits");
    return;
  }
  // A second dial is not held, because the call of the first dial may still appear on this leg.
  if (const Leg* leg = LegOfDial(course, dial->command().number());
      leg != nullptr && leg->redialled()) {
    course.Ignore("the second dial of a callee waits");
    return;
  }
  Command held = dial->command();
  *held.mutable_not_after_time() = base::ToTimestamp(LastMomentOf(course, *dial));
  course.Cancel(held.number());
  // An earlier attempt that certainly made no call has a visible leg. That leg ends, because the
  // next dial makes its own.
  DropUnsent(course, held.number());
  if (Leg* leg = LegOfDial(course, held.number()); leg != nullptr) {
    EndLeg(course, *leg, v1::END_REASON_TOO_LATE, v1::PARTY_DEADLINE, nullptr, false);
  }
  internal::v1::DialingCallee& dialing = *course.session().mutable_dialing_callee();
  *dialing.mutable_held_dial() = std::move(held);
  *dialing.mutable_held_since_time() = base::ToTimestamp(course.now());
  Leg& caller = Caller(course);
  LookAtCall(course, caller);
  course.SetTimer(Timer::KIND_LOOK_AGAIN, caller.leg_id(),
                  course.now() + base::FromProtoDuration(course.timing().look_again()));
}

void ReleaseDial(Course& course) {
  if (!HoldsDial(course.session()) || IsGone(Caller(course))) return;
  internal::v1::DialingCallee& dialing = *course.session().mutable_dialing_callee();
  const Command held = dialing.held_dial();
  // If the dial's time has passed, its timer decides, which has not fired yet.
  const Time before = base::FromTimestamp(held.not_after_time());
  if (before <= course.now()) return;
  // The answer to an earlier look may come in after the pause. It knows nothing of the pause.
  if (base::FromTimestamp(Caller(course).looked_time()) <
      base::FromTimestamp(dialing.held_since_time())) {
    return;
  }
  dialing.clear_held_dial();
  dialing.clear_held_since_time();
  DialCallee(course, kTheCallee, RingTimeout(held), before);
}

Next OnDialLost(Course& course, Leg& leg) {
  if (leg.role() == v1::Leg::ROLE_CALLER) {
    if (!course.session().has_dialing_caller()) return Stay{};
    return EndWith(v1::Outcome::RESULT_CALLER_UNREACHED, v1::END_REASON_LOST, v1::PARTY_LOOK);
  }
  if (!course.session().has_dialing_callee()) return Stay{};
  const bool another = CurrentCallee(course, &leg) != nullptr;
  // Another call or dial may still reach the callee, so only this leg is given up.
  if (another || HasOpenDial(course) || HoldsDial(course.session())) {
    leg.set_unwanted(true);
    return Stay{};
  }
  // A callee whose call appears before the apology has left is connected all the same.
  return ToApologizing{v1::END_REASON_LOST, v1::PARTY_LOOK, std::nullopt};
}

Next OnRingVerdictTimer(Course& course, const Leg& leg) {
  // A session of layout 0 may still have the timer of a leg that is no longer awaited.
  if (IsGone(leg) || !AwaitsAnswerOf(course.session(), leg)) return Stay{};
  const Duration rang = course.now() - base::FromTimestamp(leg.sent_time());
  // If no call was ever seen, nobody can say that it rang.
  const v1::EndReason reason =
      leg.call_id().empty() ? v1::END_REASON_LOST : v1::END_REASON_NO_ANSWER;
  if (leg.role() == v1::Leg::ROLE_CALLER) {
    TellDeadline(course, "caller answered", rang);
    return EndWith(v1::Outcome::RESULT_CALLER_UNREACHED, reason, v1::PARTY_DEADLINE);
  }
  TellDeadline(course, "callee answered", rang);
  // The callee is hung up when the apology leaves. Until then an answer still wins.
  return ToApologizing{reason, v1::PARTY_DEADLINE, std::nullopt};
}

Next OnDialQueueTimer(Course& course) {
  const OpenCommand* dial = PendingDial(course);
  if (dial == nullptr && !HoldsDial(course.session())) return Stay{};
  const Duration waited = dial != nullptr ? course.now() - base::FromTimestamp(dial->issue_time())
                                          : base::FromProtoDuration(course.timing().dial_queue());
  TellDeadline(course, "the dial's turn", waited);
  v1::EndReason reason = v1::END_REASON_TOO_LATE;
  if (dial != nullptr) {
    reason = dial->last_failure() == CommandResult::VERDICT_NOT_SENT
                 ? v1::END_REASON_PROVIDER_UNAVAILABLE
                 : v1::END_REASON_PROVIDER_THROTTLED;
  }
  if (course.session().has_dialing_callee()) {
    return ToApologizing{reason, v1::PARTY_PROVIDER, std::nullopt};
  }
  if (course.session().has_dialing_caller()) return FailPreparation(course, reason, nullptr);
  return Stay{};
}

Next OnDialExpired(Course& course, const Command& dial) {
  DropUnsent(course, dial.number());
  if (Leg* leg = LegOfDial(course, dial.number()); leg != nullptr) {
    EndLeg(course, *leg, v1::END_REASON_TOO_LATE, v1::PARTY_DEADLINE, nullptr, false);
  }
  if (course.session().has_dialing_caller()) return EndNotInTime(course);
  if (course.session().has_dialing_callee() && CurrentCallee(course) == nullptr) {
    return ToApologizing{v1::END_REASON_TOO_LATE, v1::PARTY_DEADLINE, std::nullopt};
  }
  return Stay{};
}

}  // namespace callbridge::flow
