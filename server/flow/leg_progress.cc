#include "server/flow/leg_progress.h"

#include <algorithm>

#include "server/flow/legs.h"
#include "server/flow/times.h"

namespace callbridge::flow {

namespace {

void TellRinging(Knowledge& known, Leg& leg) {
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_MILESTONE);
  event.mutable_leg_ringing()->set_leg_id(leg.leg_id());
  event.mutable_leg_ringing()->set_role(leg.role());
  leg.set_last_event(known.session().sequence());
}

void Answer(Knowledge& known, Leg& leg, Time happened) {
  leg.set_state(v1::Leg::STATE_ANSWERED);
  *leg.mutable_answer_time() = base::ToTimestamp(happened);
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_MILESTONE);
  v1::LegAnswered& answered = *event.mutable_leg_answered();
  answered.set_leg_id(leg.leg_id());
  answered.set_role(leg.role());
  const Time since = base::FromTimestamp(leg.has_sent_time() ? leg.sent_time() : leg.create_time());
  *answered.mutable_ring_duration() =
      base::ToProtoDuration(std::max(Duration::zero(), happened - since));
  leg.set_last_event(known.session().sequence());
}

void IgnoreKnown(Knowledge& known) { known.Ignore("the leg is known to be at least as far"); }

}  // namespace

std::optional<Time> AnswerTime(const Knowledge& known, const CallFacts& facts) {
  if (facts.has_answer_time()) return base::FromTimestamp(facts.answer_time());
  return TimeOfEvent(known);
}

void RaiseLeg(Knowledge& known, Leg& leg, v1::Leg::State state, std::optional<Time> provider_time) {
  if (leg.state() >= state) return IgnoreKnown(known);
  const Time happened = HappenedAt(known, leg, provider_time);
  if (state == v1::Leg::STATE_ANSWERED) return Answer(known, leg, happened);
  leg.set_state(state);
  if (state == v1::Leg::STATE_RINGING) {
    *leg.mutable_ring_time() = base::ToTimestamp(happened);
    TellRinging(known, leg);
  }
}

void JoinConference(Knowledge& known, Leg& leg, std::optional<Time> provider_time) {
  if (leg.has_join_time()) return IgnoreKnown(known);
  const Time happened = HappenedAt(known, leg, provider_time);
  // The provider takes only answered calls into a conference.
  if (!IsAnswered(leg)) Answer(known, leg, happened);
  leg.set_membership(Leg::MEMBERSHIP_IN);
  *leg.mutable_join_time() = base::ToTimestamp(happened);
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_NORMAL);
  event.mutable_leg_joined()->set_leg_id(leg.leg_id());
  event.mutable_leg_joined()->set_role(leg.role());
  event.mutable_leg_joined()->set_conference_id(known.session().conference().conference_id());
  leg.set_last_event(known.session().sequence());
}

}  // namespace callbridge::flow
