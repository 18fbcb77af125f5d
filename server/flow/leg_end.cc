#include "server/flow/leg_end.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "server/flow/legs.h"
#include "server/flow/public_view.h"
#include "server/flow/reasons.h"
#include "server/flow/times.h"

namespace callbridge::flow {
namespace {

// Longer than a callee takes from the answer into the conference, and than the time from the answer
// to the look at the conference. Without a pause of the service, that look comes earlier.
constexpr std::chrono::seconds kJoinTakes{4};

struct Cause {
  v1::EndReason reason;
  v1::Party ended_by;
};

// True if the person left the conference, and this service hung the call up only afterwards. Once
// the outcome is decided, the conference's hangup removes everybody. Then only a party that had
// left before, or that the outcome names, has left by itself.
bool LeftByItself(const Session& session, const Leg& leg) {
  if (!HasLeft(leg) || !leg.has_join_time()) return false;
  if (!session.has_outcome()) return true;
  const v1::Outcome& outcome = session.outcome();
  const bool named =
      outcome.reason() == v1::END_REASON_HUNG_UP && outcome.ended_by() == PartyOf(leg);
  return named ||
         base::FromTimestamp(leg.leave_time()) < base::FromTimestamp(session.ending().start_time());
}

// Returns why a leg ended, if this service hung it up.
Cause CauseOfOurHangUp(const Session& session, const Leg& leg) {
  if (LeftByItself(session, leg)) return {v1::END_REASON_HUNG_UP, PartyOf(leg)};
  if (leg.notice().evidence().result() == v1::NoticeEvidence::RESULT_REFUSED && leg.unwanted()) {
    return {v1::END_REASON_NOTICE_REFUSED, PartyOf(leg)};
  }
  if (!session.has_outcome()) {
    if (leg.role() == v1::Leg::ROLE_CALLER) {
      return {v1::END_REASON_PROVIDER_REFUSED, v1::PARTY_DEADLINE};
    }
    return {IsAnswered(leg) ? v1::END_REASON_UNREACHABLE : v1::END_REASON_NO_ANSWER,
            v1::PARTY_DEADLINE};
  }
  const v1::Outcome& outcome = session.outcome();
  switch (outcome.reason()) {
    case v1::END_REASON_REQUESTED:
    case v1::END_REASON_MAX_DURATION:
    case v1::END_REASON_OFFER_EXPIRED:
    case v1::END_REASON_NOT_ALLOWED:
    case v1::END_REASON_FORWARDING_LOOP:
    case v1::END_REASON_OVERLOADED:
    case v1::END_REASON_NOTICE_REFUSED:
    case v1::END_REASON_INTERNAL:
      return {outcome.reason(), outcome.ended_by()};
    case v1::END_REASON_HUNG_UP:
      return {v1::END_REASON_OTHER_PARTY_LEFT, outcome.ended_by()};
    default:
      break;
  }
  // A callee who rang until the timeout ends with the outcome's reason. The caller has heard that
  // reason, and is hung up by this service and not by the callee.
  if (leg.role() == v1::Leg::ROLE_CALLEE) return {outcome.reason(), outcome.ended_by()};
  return {v1::END_REASON_HUNG_UP, v1::PARTY_SERVICE};
}

// Returns why a leg ended, by what the provider says of its call.
Cause CauseByWords(const Leg& leg, const CallFacts& facts) {
  Cause cause{v1::END_REASON_HUNG_UP, PartyOf(leg)};
  if (facts.hangup_source() == "PLATFORM") cause.ended_by = v1::PARTY_PROVIDER;
  const bool reached = IsAnswered(leg) || leg.dial() == 0;
  if (!facts.error().name().empty()) {
    cause.reason = ReasonOfError(facts.error().name());
  } else if (!reached) {
    cause.reason = v1::END_REASON_UNREACHABLE;
  }
  // A person who never answered cannot have hung up. CANCELLED, for example, ends a call that rang
  // in vain, even with early media.
  if (!reached && cause.reason == v1::END_REASON_HUNG_UP) {
    cause.reason = leg.has_ring_time() ? v1::END_REASON_NO_ANSWER : v1::END_REASON_UNREACHABLE;
  }
  return cause;
}

void End(Knowledge& known, Leg& leg, const Cause& cause, const v1::ProviderError* error,
         bool inferred, std::optional<Time> provider_time) {
  if (IsEnded(leg)) return;
  *leg.mutable_end_time() = base::ToTimestamp(HappenedAt(known, leg, provider_time));
  leg.set_state(v1::Leg::STATE_ENDED);
  if (IsJoined(leg)) leg.clear_membership();
  leg.set_lost(false);
  v1::LegEnd& end = *leg.mutable_end();
  end.set_reason(cause.reason);
  end.set_ended_by(cause.ended_by);
  end.set_inferred(inferred);
  if (error != nullptr) *end.mutable_provider_error() = *error;
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_NORMAL);
  event.set_inferred(inferred);
  if (provider_time && !event.has_occur_time()) {
    *event.mutable_occur_time() = base::ToTimestamp(*provider_time);
  }
  *event.mutable_leg_ended()->mutable_leg() = PublicLeg(leg);
  leg.set_last_event(known.session().sequence());
}

std::optional<Time> EndTime(const Knowledge& known, const CallFacts& facts) {
  if (facts.has_end_time()) return base::FromTimestamp(facts.end_time());
  return TimeOfEvent(known);
}

// True if the callee may have talked without an event or a look that told it (decision 0039). A
// call's log names the conferences to which it was added, not those that it joined. So the call
// must have lasted longer than a join takes, without a look in that time that shows otherwise. A
// call that was dialled apart is added only after its notice.
bool MayHaveTalked(const Session& session, const Leg& leg, const CallFacts& facts) {
  const bool untold = IsAnswered(leg) && !leg.has_join_time() && !HasLeft(leg) && !leg.unwanted();
  const std::string& conference = session.conference().conference_id();
  const bool added = !conference.empty() && facts.conference_id() == conference;
  if (leg.role() != v1::Leg::ROLE_CALLEE || !untold || !added) return false;
  if (leg.dialled_apart() && !leg.joining().has_begin_time()) return false;
  const Time moved =
      base::FromTimestamp(leg.dialled_apart() ? leg.joining().begin_time() : leg.answer_time());
  const Time joined = moved + kJoinTakes;
  const Time end = base::FromTimestamp(leg.end_time());
  const Time looked = base::FromTimestamp(session.conference().looked_time());
  return joined <= end && (looked < joined || looked > end);
}

}  // namespace

void EndByFacts(Knowledge& known, Leg& leg, const CallFacts& facts) {
  const v1::ProviderError& error = facts.error();
  const bool by_us =
      facts.hangup_source() == "API" || (facts.hangup_source().empty() && leg.hangups() > 0);
  const bool plain =
      error.name().empty() || error.name() == "NORMAL_HANGUP" || error.name() == "CANCELLED";
  const Cause cause =
      by_us && plain ? CauseOfOurHangUp(known.session(), leg) : CauseByWords(leg, facts);
  const bool said = error.code() != 0 || !error.name().empty();
  End(known, leg, cause, said ? &error : nullptr, known.inferred(), EndTime(known, facts));
  leg.set_untold_talk(MayHaveTalked(known.session(), leg, facts));
}

void EndLeg(Knowledge& known, Leg& leg, v1::EndReason reason, v1::Party ended_by,
            const v1::ProviderError* error, bool inferred) {
  End(known, leg, {reason, ended_by}, error, inferred, std::nullopt);
}

void NoteAbsence(Knowledge& known, Leg& leg) {
  if (IsEnded(leg)) return;
  const Duration absence = base::FromProtoDuration(known.timing().absence());
  if (!leg.has_absent_since_time()) {
    *leg.mutable_absent_since_time() = base::ToTimestamp(known.now());
    known.Note(LegAbsent{leg.leg_id()});
    return;
  }
  if (known.now() - base::FromTimestamp(leg.absent_since_time()) < absence) return;
  const Cause cause = leg.hangups() > 0 ? CauseOfOurHangUp(known.session(), leg)
                                        : Cause{v1::END_REASON_LOST, v1::PARTY_LOOK};
  End(known, leg, cause, nullptr, true, std::nullopt);
}

}  // namespace callbridge::flow
