#include "tests/before/flow/looks.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "tests/before/flow/conference.h"
#include "tests/before/flow/dialing.h"
#include "tests/before/flow/hangup.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/phases.h"
#include "tests/before/flow/verdicts.h"

namespace callbridge::flow_before {
namespace {

// How far before the attempt a call of it may seem to have started: clocks differ.
constexpr std::chrono::seconds kClockTolerance{60};
// Longer than a look takes when all is well, and not so long that the caller wonders about the
// silence.
constexpr std::chrono::seconds kAnswerAwaited{1};
// A routine look that comes later than this was held up, and so were others.
constexpr std::chrono::seconds kRoutineLate{1};

// A look that failed leaves an absence without its second witness.
void RepeatAbsenceLook(Turn& turn, const Leg& leg) {
  // After the end the pursuit of the hangup asks again.
  if (IsEnded(leg) || turn.session().has_outcome() || !leg.has_absent_since_time()) return;
  if (turn.HasTimer(Timer::KIND_ABSENCE, leg.leg_id())) return;
  turn.SetTimer(Timer::KIND_ABSENCE, leg.leg_id(),
                turn.now() + base::FromProtoDuration(turn.timing().look_again()));
}

// An empty result: it failed.
void OnLookAtCall(Turn& turn, const Command& command, Time asked, const CommandResult& result) {
  Leg* leg = LegOfCall(turn, command.look_at_call().call_id());
  Require(leg != nullptr, "a call that is looked at has a leg");
  if (result.calls_size() == 0 && !result.complete()) {
    RepeatAbsenceLook(turn, *leg);
    return;
  }
  *leg->mutable_looked_time() = base::ToTimestamp(asked);
  if (result.calls_size() == 0) {
    NoteAbsence(turn, *leg);
    return;
  }
  const CallFacts& facts = result.calls(0);
  AbsorbCall(turn, *leg, facts);
  OnCallLookedAt(turn, *leg, facts);
  if (leg == &Caller(turn)) ReleaseDial(turn);
}

bool IsShownJoined(const ConferenceFacts& facts, const Leg& leg) {
  return std::any_of(facts.participants().begin(), facts.participants().end(),
                     [&leg](const ParticipantFacts& participant) {
                       return participant.call_id() == leg.call_id() &&
                              participant.state() == ParticipantFacts::STATE_JOINED;
                     });
}

// A look at the conference that does not name a leg proves nothing about it: its call is asked.
void LookAtTheUnnamed(Turn& turn, Time asked, const ConferenceFacts& facts) {
  if (turn.session().has_outcome()) return;
  for (Leg& leg : *turn.session().mutable_legs()) {
    if (IsGone(leg)) continue;
    if (IsShownJoined(facts, leg)) {
      *leg.mutable_looked_time() = base::ToTimestamp(asked);
    } else {
      LookAtCall(turn, leg);
    }
  }
}

// A conference that lives does not name who has left it. The caller is in it, so that a callee who
// had the time for it was in it too.
void NoteUntoldTalks(Turn& turn, const ConferenceFacts& facts) {
  if (facts.finished() || !IsShownJoined(facts, Caller(turn))) return;
  for (Leg& leg : *turn.session().mutable_legs()) {
    if (!leg.untold_talk() || leg.has_join_time()) continue;
    *leg.mutable_join_time() = leg.answer_time();
  }
}

// An empty result: it failed, or the provider knows no such conference.
void OnLookAtConference(Turn& turn, const Command& command, Time asked,
                        const CommandResult& result) {
  const std::string& id = command.look_at_conference().conference_id();
  const bool is_ours = id == turn.session().conference().conference_id();
  const bool shown = result.conferences_size() > 0;
  const ConferenceFacts facts = shown ? result.conferences(0) : ConferenceFacts();
  // Its hangup was refused, and the provider does not know it: two witnesses.
  const bool unknown = !shown && result.complete() && (turn.session().has_outcome() || !is_ours);
  if (shown) AbsorbParticipants(turn, facts);
  if (unknown || (facts.finished() && !is_ours)) NoteConferenceOver(turn, id);
  if (!is_ours) return;
  if (shown) {
    *turn.session().mutable_conference()->mutable_looked_time() = base::ToTimestamp(asked);
  }
  if (facts.finished()) OnConferenceFinished(turn);
  NoteUntoldTalks(turn, facts);
  OnJoinLookedFor(turn, asked, shown ? &facts : nullptr);
  LookAtTheUnnamed(turn, asked, facts);
}

// An empty result: it failed.
void OnFindDial(Turn& turn, const Command& command, Time asked, const CommandResult& result) {
  for (const CallFacts& facts : result.calls()) {
    if (Leg* leg = AdoptCall(turn, facts, {}); leg != nullptr) AbsorbCall(turn, *leg, facts);
  }
  for (const ConferenceFacts& facts : result.conferences()) AbsorbParticipants(turn, facts);
  Leg* leg = LegOfDial(turn, command.find_dial().dial());
  Require(leg != nullptr, "a dial that is looked for has a leg");
  if (result.complete()) *leg->mutable_looked_time() = base::ToTimestamp(asked);
  OnDialLookedFor(turn, *leg, asked, result.complete());
}

// A routine look that has not left yet gives way to one that something waits for.
bool GivesWay(const OpenCommand& open, Haste haste) {
  return haste != Haste::kRoutine && open.command().routine() &&
         open.status() == OpenCommand::STATUS_PENDING;
}

// True: a look of this kind is open, and another one would not be answered any sooner.
bool IsOpen(Turn& turn, Command::ActionCase action, std::string_view leg_id, Haste haste) {
  const OpenCommand* open = turn.FindOpen(action, leg_id);
  if (open == nullptr) return false;
  if (!GivesWay(*open, haste)) return true;
  turn.Cancel(open->command().number());
  return false;
}

// Where in a period the session's looks are: the same in every build, and for ids that differ
// little far apart (FNV-1a).
Duration OwnMoment(const std::string& session_id, Duration period) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char byte : session_id) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  }
  return Duration(static_cast<Duration::rep>(hash % static_cast<std::uint64_t>(period.count())));
}

Command MakeLook(const Leg& leg) {
  Command command;
  command.set_leg_id(leg.leg_id());
  command.set_base_url(leg.base_url());
  command.set_dial(leg.dial());
  return command;
}

}  // namespace

void LookAtCall(Turn& turn, Leg& leg, Haste haste) {
  if (leg.call_id().empty() || IsOpen(turn, Command::kLookAtCall, leg.leg_id(), haste)) return;
  Command command = MakeLook(leg);
  command.set_routine(haste == Haste::kRoutine);
  command.mutable_look_at_call()->set_call_id(leg.call_id());
  turn.Issue(command);
}

void LookAtConference(Turn& turn, Haste haste) {
  LookAtConference(turn, turn.session().conference().conference_id(), haste);
}

void LookAtConference(Turn& turn, const std::string& conference_id, Haste haste) {
  for (const OpenCommand& open : turn.session().open_commands()) {
    if (open.command().look_at_conference().conference_id() != conference_id) continue;
    if (!GivesWay(open, haste)) return;
    turn.Cancel(open.command().number());
    break;
  }
  Command command;
  command.set_routine(haste == Haste::kRoutine);
  command.set_base_url(turn.session().conference().base_url());
  command.mutable_look_at_conference()->set_conference_id(conference_id);
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
  before::v1::FindDial& find = *command.mutable_find_dial();
  find.set_to(leg.endpoint().phone().number());
  *find.mutable_started_after() =
      base::ToTimestamp(base::FromTimestamp(leg.sent_time()) - kClockTolerance);
  find.set_conference_id(turn.session().conference().conference_id());
  find.set_dial(leg.dial());
  turn.Issue(command);
}

void LookForLeg(Turn& turn, Leg& leg, Haste haste) {
  if (IsEnded(leg)) return;
  if (!leg.call_id().empty()) {
    LookAtCall(turn, leg, haste);
  } else if (leg.lost()) {
    FindDial(turn, leg);
  }
}

void AwaitLook(Turn& turn) {
  turn.SetTimer(Timer::KIND_LOOK_ANSWER, "", turn.now() + kAnswerAwaited);
}

bool AwaitsLook(Turn& turn) {
  if (!turn.HasTimer(Timer::KIND_LOOK_ANSWER, "")) return false;
  return turn.FindOpen(Command::kLookAtCall, Caller(turn).leg_id()) != nullptr ||
         turn.FindOpen(Command::kLookAtConference) != nullptr;
}

void AskForTheCaller(Turn& turn) {
  LookAtCall(turn, Caller(turn));
  AwaitLook(turn);
}

void SetRoutineLook(Turn& turn) {
  const Duration usual = base::FromProtoDuration(turn.timing().connected_look());
  const Duration period =
      std::max(usual, base::FromProtoDuration(turn.input().routine_look_period()));
  const Timer& fired = turn.last_fired();
  const bool late = fired.kind() == Timer::KIND_PHASE_LOOK &&
                    turn.now() - base::FromTimestamp(fired.due_time()) > kRoutineLate;
  Time next = turn.now() + period;
  // Many talks are due together. Each goes to a moment of its own, on average a period from now.
  if (late || period > usual) {
    const Time earliest = turn.now() + period / 2;
    const Duration past =
        (earliest.time_since_epoch() - OwnMoment(turn.session().session_id(), period)) % period;
    next = earliest + (period - past) % period;
  }
  turn.SetTimer(Timer::KIND_PHASE_LOOK, "", next);
}

void OnLookResult(Turn& turn, const Command& command, Time asked, const CommandResult& result) {
  const bool done = result.verdict() == CommandResult::VERDICT_DONE;
  switch (command.action_case()) {
    case Command::kLookAtCall:
      OnLookAtCall(turn, command, asked, done ? result : CommandResult());
      break;
    case Command::kLookAtConference:
      OnLookAtConference(turn, command, asked, done ? result : CommandResult());
      break;
    case Command::kFindConference:
      // A failed one is asked again like one that found nothing, and does not count.
      OnConferenceLookedFor(turn, asked, done ? result : CommandResult());
      break;
    case Command::kFindDial:
      OnFindDial(turn, command, asked, done ? result : CommandResult());
      break;
    default:
      Require(false, "only looks have the results of looks");
  }
  HastenVerdicts(turn);
}

}  // namespace callbridge::flow_before
