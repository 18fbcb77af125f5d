#include "server/flow/legs.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "server/flow/public_view.h"

namespace callbridge::flow {

Leg& Caller(Knowledge& known) {
  Require(known.session().legs_size() > 0, "a session has a caller leg");
  return *known.legs().Mutable(0);
}

Leg* FindLeg(Knowledge& known, std::string_view leg_id) {
  for (Leg& leg : known.legs()) {
    if (leg.leg_id() == leg_id) return &leg;
  }
  return nullptr;
}

Leg* LegOfCall(Knowledge& known, std::string_view call_id) {
  if (call_id.empty()) return nullptr;
  for (Leg& leg : known.legs()) {
    if (leg.call_id() == call_id) return &leg;
  }
  return nullptr;
}

Leg* LegOfDial(Knowledge& known, std::int32_t dial) {
  if (dial == 0) return nullptr;
  for (Leg& leg : known.legs()) {
    if (leg.dial() == dial) return &leg;
  }
  return nullptr;
}

Leg* CurrentCallee(Knowledge& known, const Leg* except) {
  for (Leg& leg : known.legs()) {
    // Of several legs with calls, KeepOneCallee has kept one. Legs whose calls were not seen yet
    // are all alike.
    const bool current = leg.role() == v1::Leg::ROLE_CALLEE && IsSent(leg) && !leg.unwanted() &&
                         !IsGone(leg) && &leg != except;
    if (current) return &leg;
  }
  return nullptr;
}

Leg* LastCallee(Knowledge& known) {
  Leg* last = nullptr;
  for (Leg& leg : known.legs()) {
    if (leg.role() != v1::Leg::ROLE_CALLEE || !IsSent(leg)) continue;
    if (last == nullptr || last->unwanted() || !leg.unwanted()) last = &leg;
  }
  return last;
}

Leg* MovedLeg(Knowledge& known) {
  if (known.session().has_joining_caller()) return &Caller(known);
  Leg* callee = known.session().has_stopping_music() ? CurrentCallee(known) : nullptr;
  const bool moved = callee != nullptr && callee->has_joining() && !IsJoined(*callee);
  return moved ? callee : nullptr;
}

bool IsEnded(const Leg& leg) { return leg.state() == v1::Leg::STATE_ENDED; }
bool HasLeft(const Leg& leg) { return leg.membership() == Leg::MEMBERSHIP_LEFT; }
bool IsGone(const Leg& leg) { return IsEnded(leg) || HasLeft(leg); }
bool IsAnswered(const Leg& leg) { return leg.has_answer_time(); }
bool IsAccepted(const Leg& leg) { return leg.accepted() || IsAnswered(leg); }
bool IsJoined(const Leg& leg) { return leg.membership() == Leg::MEMBERSHIP_IN; }

bool WasIn(const Leg& leg) {
  return leg.role() == v1::Leg::ROLE_CALLEE && leg.has_join_time() && !leg.unwanted();
}

const Leg* CalleeWhoWasIn(Knowledge& known) {
  const Leg* callee = CurrentCallee(known);
  if (callee != nullptr && WasIn(*callee)) return callee;
  callee = nullptr;
  for (const Leg& leg : known.session().legs()) {
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

void ExplainByEnd(const Leg& leg, v1::Outcome* outcome) {
  if (!leg.has_end()) return;
  outcome->set_reason(leg.end().reason());
  outcome->set_ended_by(leg.end().ended_by());
  if (leg.end().has_provider_error()) {
    *outcome->mutable_provider_error() = leg.end().provider_error();
  }
}

Leg& AddLeg(Knowledge& known, v1::Leg::Role role, const v1::Endpoint& endpoint) {
  const bool caller = role == v1::Leg::ROLE_CALLER;
  std::string leg_id = caller ? "caller" : "callee-1";
  // A leg that was never sent may have been removed, so the number of legs tells no free name.
  for (int number = 2; FindLeg(known, leg_id) != nullptr; ++number) {
    leg_id = absl::StrCat(caller ? "caller-" : "callee-", number);
  }
  Leg& leg = *known.legs().Add();
  leg.set_leg_id(leg_id);
  leg.set_role(role);
  leg.set_state(v1::Leg::STATE_PENDING);
  *leg.mutable_endpoint() = endpoint;
  *leg.mutable_create_time() = base::ToTimestamp(known.learned());
  return leg;
}

Leg& ShowLeg(Knowledge& known, const Leg& leg) {
  auto& legs = known.legs();
  for (int i = 0; i + 1 < legs.size(); ++i) {
    if (&legs[i] == &leg) legs.SwapElements(i, i + 1);
  }
  Leg& shown = *legs.rbegin();
  *shown.mutable_create_time() = base::ToTimestamp(known.learned());
  return shown;
}

void DropUnsent(Knowledge& known, std::int32_t dial) {
  auto& legs = known.legs();
  for (int i = legs.size() - 1; i >= 0; --i) {
    if (legs[i].dial() == dial && !IsSent(legs[i])) legs.DeleteSubrange(i, 1);
  }
}

}  // namespace callbridge::flow
