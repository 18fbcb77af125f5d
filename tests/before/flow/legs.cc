#include "tests/before/flow/legs.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>

#include "tests/before/flow/dialing.h"
#include "tests/before/flow/hangup.h"
#include "tests/before/flow/times.h"

namespace callbridge::flow_before {
namespace {

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

Leg* CurrentCallee(Turn& turn, const Leg* except) {
  for (Leg& leg : *turn.session().mutable_legs()) {
    // Of several that have calls KeepOneCallee has left one; those that nobody has seen yet are
    // alike.
    const bool current =
        leg.role() == v1::Leg::ROLE_CALLEE && !leg.unwanted() && !IsGone(leg) && &leg != except;
    if (current) return &leg;
  }
  return nullptr;
}

Leg* LastCallee(Turn& turn) {
  Leg* last = nullptr;
  for (Leg& leg : *turn.session().mutable_legs()) {
    if (leg.role() != v1::Leg::ROLE_CALLEE) continue;
    if (last == nullptr || last->unwanted() || !leg.unwanted()) last = &leg;
  }
  return last;
}

bool IsEnded(const Leg& leg) { return leg.state() == v1::Leg::STATE_ENDED; }
bool IsGone(const Leg& leg) { return IsEnded(leg) || leg.left(); }
bool IsAnswered(const Leg& leg) { return leg.has_answer_time(); }
bool IsJoined(const Leg& leg) { return leg.state() == v1::Leg::STATE_JOINED && !leg.left(); }

bool WasIn(const Leg& leg) {
  return leg.role() == v1::Leg::ROLE_CALLEE && leg.has_join_time() && !leg.unwanted();
}

const Leg* CalleeWhoWasIn(Turn& turn) {
  const Leg* callee = CurrentCallee(turn);
  if (callee != nullptr && WasIn(*callee)) return callee;
  callee = nullptr;
  for (const Leg& leg : turn.session().legs()) {
    if (WasIn(leg)) callee = &leg;
  }
  return callee;
}

bool WereTogether(const Session& session) {
  const auto& legs = session.legs();
  if (legs.empty() || !legs[0].has_join_time()) return false;
  return std::any_of(legs.begin(), legs.end(), WasIn);
}

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
  leg.set_lost(false);
  leg.clear_absent_since_time();
  switch (facts.state()) {
    case CallFacts::STATE_CALLING:
      RaiseLeg(turn, leg, v1::Leg::STATE_DIALING, std::nullopt);
      break;
    case CallFacts::STATE_RINGING:
    case CallFacts::STATE_PRE_ESTABLISHED:
      // Early media is not an answer.
      RaiseLeg(turn, leg, v1::Leg::STATE_RINGING, TimeOfEvent(turn));
      break;
    case CallFacts::STATE_ESTABLISHED:
      RaiseLeg(turn, leg, v1::Leg::STATE_ANSWERED, AnswerTime(turn, facts));
      break;
    case CallFacts::STATE_ENDED:
      EndByFacts(turn, leg, facts);
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

void AbsorbParticipant(Turn& turn, Leg& leg, const ParticipantFacts& facts) {
  if (IsEnded(leg)) {
    NoteWasIn(leg, facts);
    turn.Ignore("the leg has ended");
    return;
  }
  leg.set_lost(false);
  // Of a participant who left, the call may be over as well.
  if (facts.state() != ParticipantFacts::STATE_LEFT) leg.clear_absent_since_time();
  switch (facts.state()) {
    case ParticipantFacts::STATE_JOINING:
      RaiseLeg(turn, leg, v1::Leg::STATE_DIALING, std::nullopt);
      break;
    case ParticipantFacts::STATE_JOINED:
      if (leg.left()) {
        turn.Ignore("the leg has left the conference");
      } else {
        RaiseLeg(
            turn, leg, v1::Leg::STATE_JOINED,
            facts.has_join_time() ? base::FromTimestamp(facts.join_time()) : TimeOfEvent(turn));
      }
      break;
    case ParticipantFacts::STATE_LEFT:
      if (facts.has_join_time() && leg.state() < v1::Leg::STATE_JOINED) {
        RaiseLeg(turn, leg, v1::Leg::STATE_JOINED, base::FromTimestamp(facts.join_time()));
      }
      // Not the end of the call: it is hung up by id, soon if that is planned anyway, and its end
      // is waited for.
      if (!leg.left()) {
        const std::optional<Time> left =
            facts.has_leave_time() ? base::FromTimestamp(facts.leave_time()) : TimeOfEvent(turn);
        *leg.mutable_leave_time() = base::ToTimestamp(HappenedAt(turn, leg, left));
      }
      leg.set_left(true);
      if (!turn.HasTimer(Timer::KIND_HANGUP, leg.leg_id())) HangUpLeg(turn, leg);
      break;
    default:
      break;
  }
}

std::optional<Time> AnswerTime(const Turn& turn, const CallFacts& facts) {
  if (facts.has_answer_time()) return base::FromTimestamp(facts.answer_time());
  return TimeOfEvent(turn);
}

void RaiseLeg(Turn& turn, Leg& leg, v1::Leg::State state, std::optional<Time> provider_time) {
  if (leg.state() >= state) {
    turn.Ignore("the leg is known to be at least as far");
    return;
  }
  const Time happened = HappenedAt(turn, leg, provider_time);
  if (state == v1::Leg::STATE_RINGING) {
    leg.set_state(state);
    *leg.mutable_ring_time() = base::ToTimestamp(happened);
    SessionEvent& event = turn.Emit(SessionEvent::DETAIL_MILESTONE);
    event.mutable_leg_ringing()->set_leg_id(leg.leg_id());
    event.mutable_leg_ringing()->set_role(leg.role());
    leg.set_last_event(turn.session().sequence());
    return;
  }
  if (state >= v1::Leg::STATE_ANSWERED && !IsAnswered(leg)) {
    leg.set_state(v1::Leg::STATE_ANSWERED);
    *leg.mutable_answer_time() = base::ToTimestamp(happened);
    turn.ClearTimer(Timer::KIND_RING_LOOK, leg.leg_id());
    turn.ClearTimer(Timer::KIND_RING_VERDICT, leg.leg_id());
    SessionEvent& event = turn.Emit(SessionEvent::DETAIL_MILESTONE);
    v1::LegAnswered& answered = *event.mutable_leg_answered();
    answered.set_leg_id(leg.leg_id());
    answered.set_role(leg.role());
    const Time since =
        base::FromTimestamp(leg.has_sent_time() ? leg.sent_time() : leg.create_time());
    *answered.mutable_ring_duration() =
        base::ToProtoDuration(std::max(Duration::zero(), happened - since));
    leg.set_last_event(turn.session().sequence());
  }
  leg.set_state(state);
  if (state == v1::Leg::STATE_JOINED) {
    *leg.mutable_join_time() = base::ToTimestamp(happened);
    SessionEvent& event = turn.Emit(SessionEvent::DETAIL_NORMAL);
    event.mutable_leg_joined()->set_leg_id(leg.leg_id());
    event.mutable_leg_joined()->set_role(leg.role());
    event.mutable_leg_joined()->set_conference_id(turn.session().conference().conference_id());
    leg.set_last_event(turn.session().sequence());
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
  // The dial has made its call: what is said to the person need not wait for its answer.
  turn.Release(leg->dial());
  leg->set_lost(false);
  leg->set_absent(false);
  leg->clear_absent_since_time();
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
    const google::protobuf::RepeatedPtrField<before::v1::KeyValue>& custom_data,
    std::string_view key) {
  for (const before::v1::KeyValue& entry : custom_data) {
    if (entry.key() == key) return entry.value();
  }
  return {};
}

}  // namespace callbridge::flow_before
