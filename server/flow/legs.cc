#include "server/flow/legs.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>

#include "server/flow/dialing.h"
#include "server/flow/hangup.h"
#include "server/flow/public_view.h"
#include "server/flow/reasons.h"

namespace callbridge::flow {
namespace {

// Why a leg ended that we hung up ourselves.
v1::EndReason ReasonOfOurHangUp(const Session& session, const Leg& leg) {
  if (!session.has_outcome()) {
    if (leg.role() == v1::Leg::ROLE_CALLER) return v1::END_REASON_PROVIDER_REFUSED;
    return IsAnswered(leg) ? v1::END_REASON_UNREACHABLE : v1::END_REASON_NO_ANSWER;
  }
  switch (session.outcome().reason()) {
    case v1::END_REASON_REQUESTED:
    case v1::END_REASON_MAX_DURATION:
    case v1::END_REASON_OFFER_EXPIRED:
    case v1::END_REASON_NOT_ALLOWED:
    case v1::END_REASON_FORWARDING_LOOP:
    case v1::END_REASON_INTERNAL:
      return session.outcome().reason();
    case v1::END_REASON_HUNG_UP:
      return v1::END_REASON_OTHER_PARTY_LEFT;
    default:
      // The callee that rang until the timeout is hung up with its own reason, the caller simply with the session.
      return leg.role() == v1::Leg::ROLE_CALLEE ? session.outcome().reason()
                                                : v1::END_REASON_HUNG_UP;
  }
}

void EndByFacts(Turn& turn, Leg& leg, const CallFacts& facts) {
  if (facts.has_answer_time() && !IsAnswered(leg)) RaiseLeg(turn, leg, v1::Leg::STATE_ANSWERED);
  const v1::ProviderError& error = facts.error();
  const bool by_us =
      facts.hangup_source() == "API" || (facts.hangup_source().empty() && leg.hangups() > 0);
  const bool plain =
      error.name().empty() || error.name() == "NORMAL_HANGUP" || error.name() == "CANCELLED";
  v1::EndReason reason;
  v1::Party ended_by;
  if (by_us && plain) {
    reason = ReasonOfOurHangUp(turn.session(), leg);
    ended_by = turn.session().has_outcome() ? turn.session().outcome().ended_by() : v1::PARTY_TIMER;
  } else if (error.name().empty()) {
    reason =
        IsAnswered(leg) || leg.dial() == 0 ? v1::END_REASON_HUNG_UP : v1::END_REASON_UNREACHABLE;
    ended_by = facts.hangup_source() == "PLATFORM" ? v1::PARTY_PROVIDER : PartyOf(leg);
  } else {
    reason = ReasonOfError(error.name());
    ended_by = facts.hangup_source() == "PLATFORM" ? v1::PARTY_PROVIDER : PartyOf(leg);
  }
  const bool said = error.code() != 0 || !error.name().empty();
  EndLeg(turn, leg, reason, ended_by, said ? &error : nullptr, turn.inferred());
}

bool MayHaveMadeACall(const Leg& leg) {
  return leg.call_id().empty() && leg.dial() != 0 && leg.has_sent_time() && !IsEnded(leg);
}

}  // namespace

Leg& Caller(Turn& turn) {
  Require(turn.session().legs_size() > 0, "a session has a caller leg");
  return *turn.session().mutable_legs(0);
}

Leg* FindLeg(Turn& turn, std::string_view leg_id) {
  for (Leg& leg : *turn.session().mutable_legs()) {
    if (leg.leg_id() == leg_id) return &leg;
  }
  return nullptr;
}

Leg* LegOfCall(Turn& turn, std::string_view call_id) {
  if (call_id.empty()) return nullptr;
  for (Leg& leg : *turn.session().mutable_legs()) {
    if (leg.call_id() == call_id) return &leg;
  }
  return nullptr;
}

Leg* LegOfDial(Turn& turn, std::int32_t dial) {
  if (dial == 0) return nullptr;
  for (Leg& leg : *turn.session().mutable_legs()) {
    if (leg.dial() == dial) return &leg;
  }
  return nullptr;
}

Leg* CurrentCallee(Turn& turn) {
  for (Leg& leg : *turn.session().mutable_legs()) {
    // Of several that have calls KeepOneCallee has left one; those that nobody has seen yet are alike.
    if (leg.role() == v1::Leg::ROLE_CALLEE && !leg.unwanted() && !IsGone(leg)) return &leg;
  }
  return nullptr;
}

Leg* LastCallee(Turn& turn) {
  auto& legs = *turn.session().mutable_legs();
  for (int i = legs.size() - 1; i >= 0; --i) {
    if (legs[i].role() == v1::Leg::ROLE_CALLEE) return &legs[i];
  }
  return nullptr;
}

bool IsEnded(const Leg& leg) { return leg.state() == v1::Leg::STATE_ENDED; }
bool IsGone(const Leg& leg) { return IsEnded(leg) || leg.left(); }
bool IsAnswered(const Leg& leg) { return leg.has_answer_time(); }
bool IsJoined(const Leg& leg) { return leg.state() == v1::Leg::STATE_JOINED && !leg.left(); }

v1::Party PartyOf(const Leg& leg) {
  return leg.role() == v1::Leg::ROLE_CALLER ? v1::PARTY_CALLER : v1::PARTY_CALLEE;
}

Leg& AddLeg(Turn& turn, v1::Leg::Role role, const v1::Endpoint& endpoint) {
  int number = 1;
  for (const Leg& leg : turn.session().legs()) {
    if (leg.role() == role) ++number;
  }
  const bool caller = role == v1::Leg::ROLE_CALLER;
  Leg& leg = *turn.session().add_legs();
  if (caller && number == 1) {
    leg.set_leg_id("caller");
  } else {
    leg.set_leg_id(absl::StrCat(caller ? "caller-" : "callee-", number));
  }
  leg.set_role(role);
  leg.set_state(v1::Leg::STATE_PENDING);
  *leg.mutable_endpoint() = endpoint;
  *leg.mutable_create_time() = base::ToTimestamp(turn.learned());
  return leg;
}

void AbsorbCall(Turn& turn, Leg& leg, const CallFacts& facts) {
  if (!facts.base_url().empty()) leg.set_base_url(facts.base_url());
  if (IsEnded(leg)) {
    turn.Ignore("the leg has ended");
    return;
  }
  if (turn.source() == SessionEvent::SOURCE_WEBHOOK) leg.set_heard(true);
  leg.set_lost(false);
  leg.clear_absent_since_time();
  switch (facts.state()) {
    case CallFacts::STATE_CALLING:
      RaiseLeg(turn, leg, v1::Leg::STATE_DIALING);
      break;
    case CallFacts::STATE_RINGING:
    case CallFacts::STATE_PRE_ESTABLISHED:
      // Early media is not an answer.
      RaiseLeg(turn, leg, v1::Leg::STATE_RINGING);
      break;
    case CallFacts::STATE_ESTABLISHED:
      RaiseLeg(turn, leg, v1::Leg::STATE_ANSWERED);
      break;
    case CallFacts::STATE_ENDED:
      EndByFacts(turn, leg, facts);
      break;
    default:
      break;
  }
}

void AbsorbParticipant(Turn& turn, Leg& leg, const ParticipantFacts& facts) {
  if (IsEnded(leg)) {
    turn.Ignore("the leg has ended");
    return;
  }
  if (turn.source() == SessionEvent::SOURCE_WEBHOOK) leg.set_heard(true);
  leg.set_lost(false);
  switch (facts.state()) {
    case ParticipantFacts::STATE_JOINING:
      RaiseLeg(turn, leg, v1::Leg::STATE_DIALING);
      break;
    case ParticipantFacts::STATE_JOINED:
      if (leg.left()) {
        turn.Ignore("the leg has left the conference");
      } else {
        RaiseLeg(turn, leg, v1::Leg::STATE_JOINED);
      }
      break;
    case ParticipantFacts::STATE_LEFT:
      // Not the end of the call: it is hung up by id, soon if that is planned anyway, and its end is waited for.
      leg.set_left(true);
      if (!turn.HasTimer(Timer::KIND_HANGUP, leg.leg_id())) HangUpLeg(turn, leg);
      break;
    default:
      break;
  }
}

void RaiseLeg(Turn& turn, Leg& leg, v1::Leg::State state) {
  if (leg.state() >= state) {
    turn.Ignore("the leg is known to be at least as far");
    return;
  }
  const google::protobuf::Timestamp learned = base::ToTimestamp(turn.learned());
  if (state == v1::Leg::STATE_RINGING) {
    leg.set_state(state);
    *leg.mutable_ring_time() = learned;
    SessionEvent& event = turn.Emit(SessionEvent::DETAIL_MILESTONE);
    event.mutable_leg_ringing()->set_leg_id(leg.leg_id());
    event.mutable_leg_ringing()->set_role(leg.role());
    leg.set_last_event(turn.session().sequence());
    return;
  }
  if (state >= v1::Leg::STATE_ANSWERED && !IsAnswered(leg)) {
    leg.set_state(v1::Leg::STATE_ANSWERED);
    *leg.mutable_answer_time() = learned;
    for (const Timer::Kind kind :
         {Timer::KIND_CALLEE_SILENT, Timer::KIND_RING_LOOK, Timer::KIND_RING_VERDICT}) {
      turn.ClearTimer(kind, leg.leg_id());
    }
    SessionEvent& event = turn.Emit(SessionEvent::DETAIL_MILESTONE);
    v1::LegAnswered& answered = *event.mutable_leg_answered();
    answered.set_leg_id(leg.leg_id());
    answered.set_role(leg.role());
    const Time since =
        base::FromTimestamp(leg.has_sent_time() ? leg.sent_time() : leg.create_time());
    *answered.mutable_ring_duration() =
        base::ToProtoDuration(std::max(Duration::zero(), turn.learned() - since));
    leg.set_last_event(turn.session().sequence());
  }
  leg.set_state(state);
  if (state == v1::Leg::STATE_JOINED) {
    *leg.mutable_join_time() = learned;
    SessionEvent& event = turn.Emit(SessionEvent::DETAIL_NORMAL);
    event.mutable_leg_joined()->set_leg_id(leg.leg_id());
    event.mutable_leg_joined()->set_role(leg.role());
    event.mutable_leg_joined()->set_conference_id(turn.session().conference().conference_id());
    leg.set_last_event(turn.session().sequence());
  }
}

void EndLeg(Turn& turn, Leg& leg, v1::EndReason reason, v1::Party ended_by,
            const v1::ProviderError* error, bool inferred) {
  if (IsEnded(leg)) return;
  leg.set_state(v1::Leg::STATE_ENDED);
  leg.set_lost(false);
  *leg.mutable_end_time() = base::ToTimestamp(turn.learned());
  v1::LegEnd& end = *leg.mutable_end();
  end.set_reason(reason);
  end.set_ended_by(ended_by);
  end.set_inferred(inferred);
  if (error != nullptr) *end.mutable_provider_error() = *error;
  for (const Timer::Kind kind :
       {Timer::KIND_HANGUP, Timer::KIND_ABSENCE, Timer::KIND_DIAL_LOOK, Timer::KIND_CALLEE_SILENT,
        Timer::KIND_RING_LOOK, Timer::KIND_RING_VERDICT}) {
    turn.ClearTimer(kind, leg.leg_id());
  }
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_NORMAL);
  event.set_inferred(inferred);
  *event.mutable_leg_ended()->mutable_leg() = PublicLeg(leg);
  leg.set_last_event(turn.session().sequence());
}

void NoteAbsence(Turn& turn, Leg& leg) {
  if (IsEnded(leg)) return;
  const Duration absence = base::FromProtoDuration(turn.timing().absence());
  if (!leg.has_absent_since_time()) {
    *leg.mutable_absent_since_time() = base::ToTimestamp(turn.now());
    turn.SetTimer(Timer::KIND_ABSENCE, leg.leg_id(), turn.now() + absence);
    return;
  }
  if (turn.now() - base::FromTimestamp(leg.absent_since_time()) < absence) return;
  if (leg.hangups() > 0) {
    const v1::Party ended_by =
        turn.session().has_outcome() ? turn.session().outcome().ended_by() : v1::PARTY_TIMER;
    EndLeg(turn, leg, ReasonOfOurHangUp(turn.session(), leg), ended_by, nullptr, true);
  } else {
    EndLeg(turn, leg, v1::END_REASON_LOST, v1::PARTY_RECONCILER, nullptr, true);
  }
}

Leg& AddStray(Turn& turn, const Leg& of, const CallFacts& facts) {
  const Leg known = of;
  Leg& stray = AddLeg(turn, known.role(), known.endpoint());
  stray.set_dial(known.dial());
  stray.set_call_id(facts.call_id());
  stray.set_base_url(known.base_url());
  stray.set_service_number(known.service_number());
  *stray.mutable_sent_time() = known.sent_time();
  stray.set_state(v1::Leg::STATE_DIALING);
  if (known.role() == v1::Leg::ROLE_CALLER) {
    stray.set_unwanted(true);
  } else if (!turn.session().has_outcome()) {
    SetRingTimers(turn, stray, base::FromTimestamp(known.sent_time()),
                  base::FromProtoDuration(turn.session().callees(0).ring_timeout()));
  }
  return stray;
}

Leg* AdoptCall(Turn& turn, const CallFacts& facts, std::string_view conference_id) {
  if (Leg* known = LegOfCall(turn, facts.call_id()); known != nullptr) return known;
  if (facts.call_id().empty() || facts.direction() == CallFacts::DIRECTION_INBOUND) return nullptr;

  Leg* leg = nullptr;
  const std::string_view session = CustomData(facts.custom_data(), "session");
  if (!session.empty()) {
    if (session != turn.session().session_id()) return nullptr;
    std::int32_t dial = 0;
    if (absl::SimpleAtoi(std::string(CustomData(facts.custom_data(), "dial")), &dial)) {
      leg = LegOfDial(turn, dial);
    }
    if (leg == nullptr) leg = FindLeg(turn, CustomData(facts.custom_data(), "leg"));
  } else if (conference_id == turn.session().conference().conference_id()) {
    for (Leg& candidate : *turn.session().mutable_legs()) {
      if (MayHaveMadeACall(candidate)) leg = &candidate;
    }
  }
  if (leg == nullptr || leg->dial() == 0) return nullptr;
  // A leg that is over without a call was refused or given up, and here is its call after all.
  if (!leg->call_id().empty() || IsEnded(*leg)) return &AddStray(turn, *leg, facts);
  leg->set_call_id(facts.call_id());
  turn.ClearTimer(Timer::KIND_DIAL_LOOK, leg->leg_id());
  WithdrawRepeatedDial(turn, *leg);
  return leg;
}

void KeepOneCallee(Turn& turn) {
  const Leg* keep = nullptr;
  for (const Leg& leg : turn.session().legs()) {
    if (leg.role() != v1::Leg::ROLE_CALLEE || leg.call_id().empty() || IsGone(leg) ||
        leg.unwanted()) {
      continue;
    }
    if (keep == nullptr || (IsJoined(leg) && !IsJoined(*keep))) keep = &leg;
  }
  if (keep == nullptr) return;
  const std::string kept = keep->leg_id();
  for (Leg& leg : *turn.session().mutable_legs()) {
    if (leg.role() != v1::Leg::ROLE_CALLEE || leg.leg_id() == kept || IsEnded(leg)) continue;
    leg.set_unwanted(true);
  }
}

std::string_view CustomData(
    const google::protobuf::RepeatedPtrField<internal::v1::KeyValue>& custom_data,
    std::string_view key) {
  for (const internal::v1::KeyValue& entry : custom_data) {
    if (entry.key() == key) return entry.value();
  }
  return {};
}

}  // namespace callbridge::flow
