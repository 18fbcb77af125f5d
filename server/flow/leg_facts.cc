#include "server/flow/leg_facts.h"

#include <algorithm>

#include "server/flow/leg_end.h"
#include "server/flow/leg_progress.h"
#include "server/flow/legs.h"
#include "server/flow/times.h"

namespace callbridge::flow {

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
        JoinConference(
            known, leg,
            facts.has_join_time() ? base::FromTimestamp(facts.join_time()) : TimeOfEvent(known));
      }
      break;
    case ParticipantFacts::STATE_LEFT:
      if (facts.has_join_time() && !leg.has_join_time()) {
        JoinConference(known, leg, base::FromTimestamp(facts.join_time()));
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
