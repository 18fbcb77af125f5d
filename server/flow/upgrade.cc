#include "server/flow/upgrade.h"

#include <cstdint>
#include <set>
#include <string>

#include "server/base/time.h"

namespace callbridge::flow {
namespace {

using internal::v1::Command;
using internal::v1::Leg;
using internal::v1::OpenCommand;
using internal::v1::Session;
using internal::v1::Timer;

// Layout 0 had one lane, the caller's, in a field of its own.
void MoveLane(Session& session, const std::string& caller) {
  if (!session.has_old_lane()) return;
  internal::v1::Lane& lane = *session.add_lanes();
  lane = session.old_lane();
  lane.set_leg_id(caller);
  session.clear_old_lane();
}

// Layout 0 stored the number of DONE for commands of unknown fate.
void RenumberStatuses(Session& session) {
  for (OpenCommand& open : *session.mutable_open_commands()) {
    if (open.status() == Command::STATUS_DONE) open.set_status(Command::STATUS_UNKNOWN);
  }
}

// Returns the leg whose dial waits for its turn or is held.
std::string WaitingDial(const Session& session) {
  for (const OpenCommand& open : session.open_commands()) {
    const bool waits = open.status() == Command::STATUS_PENDING;
    if (open.command().has_dial_leg() && waits) return open.command().leg_id();
  }
  return session.dialing_callee().held_dial().leg_id();
}

// Layout 0 had one timer of each of these kinds, without a subject.
void NameSubjects(Session& session, const std::string& caller) {
  for (Timer& timer : *session.mutable_timers()) {
    switch (timer.kind()) {
      case Timer::KIND_PROMPT:
      case Timer::KIND_MEDIA_END:
      case Timer::KIND_STOP_PLAY:
      case Timer::KIND_SOUND_HELD:
      case Timer::KIND_JOIN_RETRY:
        timer.set_subject(caller);
        break;
      case Timer::KIND_DIAL_QUEUE:
        timer.set_subject(WaitingDial(session));
        break;
      default:
        break;
    }
  }
}

// Layout 0 told by the leg's state and by old_left whether the leg is in the conference.
void TellMembership(Leg& leg) {
  if (leg.old_left()) {
    leg.set_membership(Leg::MEMBERSHIP_LEFT);
  } else if (leg.state() == v1::Leg::STATE_JOINED) {
    leg.set_membership(Leg::MEMBERSHIP_IN);
  }
  if (leg.state() == v1::Leg::STATE_JOINED) leg.set_state(v1::Leg::STATE_ANSWERED);
  leg.clear_old_left();
}

// Layout 0 kept in the phase what concerns the caller's call. An incoming caller who is moved into
// the conference, or hears an apology, was answered. So that answer counts as accepted.
void MoveToTheCaller(Session& session, Leg& caller) {
  const bool beyond = session.has_joining_caller() || session.has_apologizing();
  caller.set_accepted(session.answering_caller().old_accepted() || (beyond && caller.dial() == 0));
  if (session.has_answering_caller()) session.mutable_answering_caller()->clear_old_accepted();
  if (!session.has_joining_caller()) return;
  // The two messages have the same fields with the same numbers.
  caller.mutable_joining()->ParseFromString(session.joining_caller().SerializeAsString());
  session.mutable_joining_caller()->Clear();
}

// Layout 0 had one callee, and added the callee's leg when the dial left. Now a dial that has not
// left has a leg too.
void NameCallees(Session& session) {
  std::set<std::int32_t> dialled;
  for (Leg& leg : *session.mutable_legs()) {
    if (leg.role() == v1::Leg::ROLE_CALLEE) leg.set_callee(1);
    dialled.insert(leg.dial());
  }
  for (const OpenCommand& open : session.open_commands()) {
    const Command& command = open.command();
    const bool unmade = command.has_dial_leg() && !dialled.contains(command.number());
    if (!unmade) continue;
    Leg& leg = *session.add_legs();
    leg.set_leg_id(command.leg_id());
    leg.set_role(v1::Leg::ROLE_CALLEE);
    leg.set_state(v1::Leg::STATE_PENDING);
    *leg.mutable_endpoint() = command.dial_leg().endpoint();
    *leg.mutable_create_time() = open.issue_time();
    leg.set_dial(command.number());
    leg.set_callee(1);
  }
}

// Layout 0 kept the end of the ring timeout only in its timers.
void TellRingEnd(const Session& session, Leg& leg) {
  for (const Timer& timer : session.timers()) {
    if (timer.subject() != leg.leg_id() || timer.kind() != Timer::KIND_RING_VERDICT) continue;
    // A verdict that has asked was put off, so its timer no longer tells the end of the ring
    // timeout. The timer stands whatever end is noted here.
    const base::Duration later =
        timer.asked() ? base::Duration::zero()
                      : base::FromProtoDuration(session.settings().timing().ring_verdict());
    *leg.mutable_ring_end_time() = base::ToTimestamp(base::FromTimestamp(timer.due_time()) - later);
  }
}

}  // namespace

void Upgrade(Session* session) {
  if (session->layout() >= kLayout) return;
  session->set_layout(kLayout);
  RenumberStatuses(*session);
  if (session->legs_size() == 0) return;
  Leg& caller = *session->mutable_legs(0);
  MoveLane(*session, caller.leg_id());
  NameSubjects(*session, caller.leg_id());
  for (Leg& leg : *session->mutable_legs()) {
    TellMembership(leg);
    TellRingEnd(*session, leg);
  }
  MoveToTheCaller(*session, caller);
  NameCallees(*session);
}

}  // namespace callbridge::flow
