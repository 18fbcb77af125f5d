#include "server/flow/adoption.h"

#include <cstdint>
#include <string>

#include "server/base/marks.h"
#include "server/flow/audio_facts.h"
#include "server/flow/legs.h"
#include "server/flow/public_view.h"

namespace callbridge::flow {
namespace {

bool MayHaveMadeACall(const Leg& leg) {
  return leg.call_id().empty() && leg.dial() != 0 && leg.has_sent_time() && !IsEnded(leg);
}

}  // namespace

Leg& AddStray(Knowledge& known, const Leg& of, const CallFacts& facts) {
  const Leg first = of;
  Leg& stray = AddLeg(known, first.role(), first.endpoint());
  stray.set_callee(first.callee());
  stray.set_dialled_apart(first.dialled_apart());
  stray.set_dial(first.dial());
  stray.set_call_id(facts.call_id());
  stray.set_base_url(first.base_url());
  stray.set_service_number(first.service_number());
  *stray.mutable_sent_time() = first.sent_time();
  stray.set_state(v1::Leg::STATE_DIALING);
  WantAudio(stray, first.audio().mute_wanted(), first.audio().deafen_wanted());
  if (first.role() == v1::Leg::ROLE_CALLER) {
    stray.set_unwanted(true);
  } else {
    known.Note(StrayShown{stray.leg_id()});
  }
  return stray;
}

Leg* AdoptCall(Knowledge& known, const CallFacts& facts, std::string_view conference_id) {
  if (Leg* leg = LegOfCall(known, facts.call_id()); leg != nullptr) return leg;
  if (facts.call_id().empty() || facts.direction() == CallFacts::DIRECTION_INBOUND) return nullptr;

  Leg* leg = nullptr;
  const base::Marks marks = base::ReadMarks(facts.custom_data());
  if (!marks.session.empty()) {
    if (marks.session != known.session().session_id()) return nullptr;
    if (marks.dial != 0) leg = LegOfDial(known, marks.dial);
    if (leg == nullptr) leg = FindLeg(known, marks.leg);
  } else if (conference_id == known.session().conference().conference_id()) {
    for (Leg& candidate : known.legs()) {
      if (MayHaveMadeACall(candidate)) leg = &candidate;
    }
  }
  if (leg == nullptr || leg->dial() == 0 || !IsSent(*leg)) return nullptr;
  // The leg has a call already, or it ended without one, because its dial was refused or given up.
  // So this call gets a leg of its own.
  if (!leg->call_id().empty() || IsEnded(*leg)) return &AddStray(known, *leg, facts);
  leg->set_call_id(facts.call_id());
  // The call shows that the dial worked, so the commands behind it on this leg need not wait for
  // its answer.
  known.Release(leg->dial());
  leg->set_lost(false);
  leg->set_absent(false);
  leg->clear_absent_since_time();
  known.Note(CallShown{leg->leg_id()});
  return leg;
}

void KeepOneCallee(Knowledge& known) {
  const Leg* keep = nullptr;
  for (const Leg& leg : known.session().legs()) {
    if (leg.role() != v1::Leg::ROLE_CALLEE || leg.call_id().empty() || IsGone(leg) ||
        leg.unwanted()) {
      continue;
    }
    if (keep == nullptr || (IsJoined(leg) && !IsJoined(*keep))) keep = &leg;
  }
  if (keep == nullptr) return;
  const std::string kept = keep->leg_id();
  for (Leg& leg : known.legs()) {
    if (leg.role() != v1::Leg::ROLE_CALLEE || !IsSent(leg) || leg.leg_id() == kept || IsEnded(leg))
      continue;
    leg.set_unwanted(true);
  }
}

}  // namespace callbridge::flow
