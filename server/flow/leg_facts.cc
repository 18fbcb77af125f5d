#include "server/flow/leg_facts.h"

#include <algorithm>

#include "server/flow/audio_facts.h"
#include "server/flow/leg_end.h"
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

void NoteAnswered(Knowledge& known, Leg& leg, Time happened) {
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

// The leg is in the conference, and therefore has answered.
void NoteJoined(Knowledge& known, Leg& leg, std::optional<Time> provider_time) {
  if (leg.has_join_time()) return IgnoreKnown(known);
  const Time happened = HappenedAt(known, leg, provider_time);
  // The provider takes only answered calls into a conference.
  if (!IsAnswered(leg)) NoteAnswered(known, leg, happened);
  leg.set_membership(Leg::MEMBERSHIP_IN);
  *leg.mutable_join_time() = base::ToTimestamp(happened);
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_NORMAL);
  event.mutable_leg_joined()->set_leg_id(leg.leg_id());
  event.mutable_leg_joined()->set_role(leg.role());
  event.mutable_leg_joined()->set_conference_id(known.session().conference().conference_id());
  leg.set_last_event(known.session().sequence());
}

}  // namespace

std::optional<Time> AnswerTime(const Knowledge& known, const CallFacts& facts) {
  if (facts.has_answer_time()) return base::FromTimestamp(facts.answer_time());
  return TimeOfEvent(known);
}

void RaiseLeg(Knowledge& known, Leg& leg, v1::Leg::State state, std::optional<Time> provider_time) {
  if (leg.state() >= state) return IgnoreKnown(known);
  const Time happened = HappenedAt(known, leg, provider_time);
  if (state == v1::Leg::STATE_ANSWERED) return NoteAnswered(known, leg, happened);
  leg.set_state(state);
  if (state == v1::Leg::STATE_RINGING) {
    *leg.mutable_ring_time() = base::ToTimestamp(happened);
    TellRinging(known, leg);
  }
}

void AbsorbCall(Knowledge& known, Leg& leg, const CallFacts& facts) {
  if (!facts.base_url().empty()) leg.set_base_url(facts.base_url());
  if (IsEnded(leg)) {
    known.Ignore("the leg has ended");
    return;
  }
  leg.set_lost(false);
  leg.clear_absent_since_time();
  switch (facts.state()) {
    case CallFacts::STATE_CALLING:
      RaiseLeg(known, leg, v1::Leg::STATE_DIALING, std::nullopt);
      break;
    case CallFacts::STATE_RINGING:
    case CallFacts::STATE_PRE_ESTABLISHED:
      // Early media is not an answer.
      RaiseLeg(known, leg, v1::Leg::STATE_RINGING, TimeOfEvent(known));
      break;
    case CallFacts::STATE_ESTABLISHED:
      RaiseLeg(known, leg, v1::Leg::STATE_ANSWERED, AnswerTime(known, facts));
      break;
    case CallFacts::STATE_ENDED:
      if (facts.has_answer_time() && !IsAnswered(leg)) {
        RaiseLeg(known, leg, v1::Leg::STATE_ANSWERED, AnswerTime(known, facts));
      }
      EndByFacts(known, leg, facts);
      break;
    default:
      break;
  }
}

void NoteWasIn(Leg& leg, const ParticipantFacts& facts) {
  const bool was_in = facts.state() == ParticipantFacts::STATE_JOINED || facts.has_join_time();
  if (!was_in || leg.has_join_time() || !IsAnswered(leg)) return;
  const Time end = base::FromTimestamp(leg.end_time());
  const Time told = facts.has_join_time() ? base::FromTimestamp(facts.join_time()) : end;
  const Time answered = std::min(base::FromTimestamp(leg.answer_time()), end);
  *leg.mutable_join_time() = base::ToTimestamp(std::clamp(told, answered, end));
}

void AbsorbParticipant(Knowledge& known, Leg& leg, const ParticipantFacts& facts) {
  if (IsEnded(leg)) {
    NoteWasIn(leg, facts);
    known.Ignore("the leg has ended");
    return;
  }
  leg.set_lost(false);
  // The call of a participant who has left may be over as well, so an absence that was seen still
  // counts.
  if (facts.state() != ParticipantFacts::STATE_LEFT) leg.clear_absent_since_time();
  switch (facts.state()) {
    case ParticipantFacts::STATE_JOINING:
      RaiseLeg(known, leg, v1::Leg::STATE_DIALING, std::nullopt);
      break;
    case ParticipantFacts::STATE_JOINED:
      if (HasLeft(leg)) {
        known.Ignore("the leg has left the conference");
      } else {
        NoteJoined(
            known, leg,
            facts.has_join_time() ? base::FromTimestamp(facts.join_time()) : TimeOfEvent(known));
        if (facts.has_audio()) NoteAudio(known, leg, facts.audio());
      }
      break;
    case ParticipantFacts::STATE_LEFT:
      if (facts.has_join_time() && !leg.has_join_time()) {
        NoteJoined(known, leg, base::FromTimestamp(facts.join_time()));
      }
      // Leaving the conference does not end the call. The flow still waits for that end.
      if (!HasLeft(leg)) {
        const std::optional<Time> left =
            facts.has_leave_time() ? base::FromTimestamp(facts.leave_time()) : TimeOfEvent(known);
        *leg.mutable_leave_time() = base::ToTimestamp(HappenedAt(known, leg, left));
      }
      leg.set_membership(Leg::MEMBERSHIP_LEFT);
      known.Note(LegLeft{leg.leg_id()});
      break;
    default:
      break;
  }
}

}  // namespace callbridge::flow
