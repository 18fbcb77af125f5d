#include "server/flow/looks.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "server/base/stable_hash.h"
#include "server/flow/conference_facts.h"
#include "server/flow/legs.h"

namespace callbridge::flow {
namespace {

// How long before its dial a call may seem to have started, because clocks differ.
constexpr std::chrono::seconds kClockTolerance{60};
// How long a phase waits for a look's answer. This is longer than a look usually takes, and too
// short for the caller to wonder about the silence.
constexpr std::chrono::seconds kAnswerAwaited{1};
// A routine look that comes later than this was held up, and so were those of other sessions.
constexpr std::chrono::seconds kRoutineLate{1};

// True if the open look is a routine one that has not left, and something waits for the new look.
// Then the new look replaces it.
bool GivesWay(const OpenCommand& open, Haste haste) {
  return haste != Haste::kRoutine && open.command().routine() &&
         open.status() == Command::STATUS_PENDING;
}

// Returns true if the open look stays, because another one would not be answered sooner. Cancels a
// routine look that gives way. open: null if no look of the kind is open.
bool Stays(Orders& orders, const OpenCommand* open, Haste haste) {
  if (open == nullptr) return false;
  if (!GivesWay(*open, haste)) return true;
  orders.Cancel(open->command().number());
  return false;
}

const OpenCommand* OpenLookAtConference(const Session& session, const std::string& conference_id) {
  for (const OpenCommand& open : session.open_commands()) {
    if (open.command().look_at_conference().conference_id() == conference_id) return &open;
  }
  return nullptr;
}

// Returns the session's own moment within a period. It is the same in every build, and similar ids
// get moments far apart.
Duration OwnMoment(const std::string& session_id, Duration period) {
  return Duration(static_cast<Duration::rep>(base::Fnv1a(session_id) %
                                             static_cast<std::uint64_t>(period.count())));
}

Command MakeLook(const Leg& leg) {
  Command command;
  command.set_leg_id(leg.leg_id());
  command.set_base_url(leg.base_url());
  command.set_dial(leg.dial());
  return command;
}

}  // namespace

void LookAtCall(Orders& orders, Leg& leg, Haste haste) {
  if (leg.call_id().empty()) return;
  if (Stays(orders, orders.FindOpen(Command::kLookAtCall, leg.leg_id()), haste)) return;
  Command command = MakeLook(leg);
  command.set_routine(haste == Haste::kRoutine);
  command.mutable_look_at_call()->set_call_id(leg.call_id());
  orders.Issue(command);
}

void LookAtConference(Orders& orders, Haste haste) {
  LookAtConference(orders, orders.session().conference().conference_id(), haste);
}

void LookAtConference(Orders& orders, const std::string& conference_id, Haste haste) {
  if (Stays(orders, OpenLookAtConference(orders.session(), conference_id), haste)) return;
  Command command;
  command.set_routine(haste == Haste::kRoutine);
  command.set_base_url(orders.session().conference().base_url());
  command.mutable_look_at_conference()->set_conference_id(conference_id);
  orders.Issue(command);
}

void FindConference(Orders& orders) {
  if (orders.FindOpen(Command::kFindConference) != nullptr) return;
  Command command;
  command.set_base_url(Caller(orders).base_url());
  command.mutable_find_conference()->set_name(ConferenceName(orders.session()));
  orders.Issue(command);
}

void FindDial(Orders& orders, Leg& leg) {
  if (orders.FindOpen(Command::kFindDial, leg.leg_id()) != nullptr) return;
  Command command = MakeLook(leg);
  internal::v1::FindDial& find = *command.mutable_find_dial();
  find.set_to(leg.endpoint().phone().number());
  *find.mutable_started_after() =
      base::ToTimestamp(base::FromTimestamp(leg.sent_time()) - kClockTolerance);
  find.set_conference_id(orders.session().conference().conference_id());
  find.set_dial(leg.dial());
  orders.Issue(command);
}

void LookForLeg(Orders& orders, Leg& leg, Haste haste) {
  if (IsEnded(leg)) return;
  if (!leg.call_id().empty()) {
    LookAtCall(orders, leg, haste);
  } else if (leg.lost()) {
    FindDial(orders, leg);
  }
}

void LookForTheJoin(Orders& orders) {
  if (orders.source() == SessionEvent::SOURCE_LOOK) LookAtConference(orders);
}

void AwaitLook(Orders& orders) {
  orders.SetTimer(Timer::KIND_LOOK_ANSWER, "", orders.now() + kAnswerAwaited);
}

bool AwaitsLook(Orders& orders) {
  if (!orders.HasTimer(Timer::KIND_LOOK_ANSWER, "")) return false;
  return orders.FindOpen(Command::kLookAtCall, Caller(orders).leg_id()) != nullptr ||
         orders.FindOpen(Command::kLookAtConference) != nullptr;
}

void AskForTheCaller(Orders& orders) {
  LookAtCall(orders, Caller(orders));
  AwaitLook(orders);
}

void SetRoutineLook(Orders& orders) {
  const Duration usual = base::FromProtoDuration(orders.timing().connected_look());
  const Duration period =
      std::max(usual, base::FromProtoDuration(orders.input().routine_look_period()));
  const Timer& fired = orders.last_fired();
  const bool late = fired.kind() == Timer::KIND_PHASE_LOOK &&
                    orders.now() - base::FromTimestamp(fired.due_time()) > kRoutineLate;
  Time next = orders.now() + period;
  // Many talks are due together. So each session goes to a moment of its own, on average one period
  // from now.
  if (late || period > usual) {
    const Time earliest = orders.now() + period / 2;
    const Duration past =
        (earliest.time_since_epoch() - OwnMoment(orders.session().session_id(), period)) % period;
    next = earliest + (period - past) % period;
  }
  orders.SetTimer(Timer::KIND_PHASE_LOOK, "", next);
}

void RepeatAbsenceLook(Orders& orders, const Leg& leg) {
  // Once the outcome is decided, the pursuit of hangups asks again.
  if (IsEnded(leg) || orders.session().has_outcome() || !leg.has_absent_since_time()) return;
  if (orders.HasTimer(Timer::KIND_ABSENCE, leg.leg_id())) return;
  orders.SetTimer(Timer::KIND_ABSENCE, leg.leg_id(),
                  orders.now() + base::FromProtoDuration(orders.timing().look_again()));
}

void LookAtTheUnnamed(Orders& orders, Time asked, const ConferenceFacts& facts) {
  if (orders.session().has_outcome()) return;
  for (Leg& leg : orders.legs()) {
    if (IsGone(leg)) continue;
    if (IsShownJoined(facts, leg.call_id())) {
      *leg.mutable_looked_time() = base::ToTimestamp(asked);
    } else {
      LookAtCall(orders, leg);
    }
  }
}

}  // namespace callbridge::flow
