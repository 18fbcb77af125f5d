#include "server/flow/looks.h"

#include <chrono>
#include <string>

#include "server/flow/conference.h"
#include "server/flow/dialing.h"
#include "server/flow/legs.h"
#include "server/flow/phases.h"

namespace callbridge::flow {
namespace {

// How far before the attempt a call of it may seem to have started: clocks differ.
constexpr std::chrono::seconds kClockTolerance{60};

void OnLookAtCall(Turn& turn, const Command& command, const CommandResult& result) {
  Leg* leg = LegOfCall(turn, command.look_at_call().call_id());
  Require(leg != nullptr, "a call that is looked at has a leg");
  if (result.calls_size() == 0) {
    if (result.complete()) NoteAbsence(turn, *leg);
    return;
  }
  const CallFacts& facts = result.calls(0);
  AbsorbCall(turn, *leg, facts);
  OnCallLookedAt(turn, *leg, facts);
  if (leg == &Caller(turn)) ReleaseDial(turn);
}

void OnLookAtConference(Turn& turn, const CommandResult& result) {
  if (result.conferences_size() == 0) return;
  const ConferenceFacts& facts = result.conferences(0);
  AbsorbParticipants(turn, facts);
  if (facts.finished()) OnConferenceFinished(turn);
}

// An empty result: it failed.
void OnFindDial(Turn& turn, const Command& command, const CommandResult& result) {
  for (const CallFacts& facts : result.calls()) {
    if (Leg* leg = AdoptCall(turn, facts, {}); leg != nullptr) AbsorbCall(turn, *leg, facts);
  }
  for (const ConferenceFacts& facts : result.conferences()) AbsorbParticipants(turn, facts);
  Leg* leg = LegOfDial(turn, command.find_dial().dial());
  Require(leg != nullptr, "a dial that is looked for has a leg");
  OnDialLookedFor(turn, *leg, result.complete());
}

Command MakeLook(const Leg& leg) {
  Command command;
  command.set_leg_id(leg.leg_id());
  command.set_base_url(leg.base_url());
  command.set_dial(leg.dial());
  return command;
}

}  // namespace

void LookAtCall(Turn& turn, Leg& leg) {
  if (leg.call_id().empty() || turn.FindOpen(Command::kLookAtCall, leg.leg_id()) != nullptr) return;
  Command command = MakeLook(leg);
  command.mutable_look_at_call()->set_call_id(leg.call_id());
  turn.Issue(command);
}

void LookAtConference(Turn& turn) {
  const internal::v1::Conference& conference = turn.session().conference();
  if (turn.FindOpen(Command::kLookAtConference) != nullptr) return;
  Command command;
  command.set_base_url(conference.base_url());
  command.mutable_look_at_conference()->set_conference_id(conference.conference_id());
  turn.Issue(command);
}

void FindConference(Turn& turn) {
  if (turn.FindOpen(Command::kFindConference) != nullptr) return;
  Command command;
  command.set_base_url(Caller(turn).base_url());
  command.mutable_find_conference()->set_name(ConferenceName(turn.session()));
  turn.Issue(command);
}

void FindDial(Turn& turn, Leg& leg) {
  if (turn.FindOpen(Command::kFindDial, leg.leg_id()) != nullptr) return;
  Command command = MakeLook(leg);
  internal::v1::FindDial& find = *command.mutable_find_dial();
  find.set_to(leg.endpoint().phone().number());
  *find.mutable_started_after() =
      base::ToTimestamp(base::FromTimestamp(leg.sent_time()) - kClockTolerance);
  find.set_conference_id(turn.session().conference().conference_id());
  find.set_dial(leg.dial());
  turn.Issue(command);
}

void LookForLeg(Turn& turn, Leg& leg) {
  if (IsEnded(leg)) return;
  if (!leg.call_id().empty()) {
    LookAtCall(turn, leg);
  } else if (leg.lost()) {
    FindDial(turn, leg);
  }
}

void OnLookResult(Turn& turn, const Command& command, Time asked, const CommandResult& result) {
  const bool done = result.verdict() == CommandResult::VERDICT_DONE;
  switch (command.action_case()) {
    case Command::kLookAtCall:
      if (done) OnLookAtCall(turn, command, result);
      break;
    case Command::kLookAtConference:
      if (done) OnLookAtConference(turn, result);
      break;
    case Command::kFindConference:
      // A failed one is asked again like one that found nothing, and does not count.
      OnConferenceLookedFor(turn, asked, done ? result : CommandResult());
      break;
    case Command::kFindDial:
      OnFindDial(turn, command, done ? result : CommandResult());
      break;
    default:
      Require(false, "only looks have the results of looks");
  }
}

}  // namespace callbridge::flow
