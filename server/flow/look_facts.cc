#include "server/flow/look_facts.h"

#include <algorithm>
#include <optional>
#include <string>

#include "server/flow/adoption.h"
#include "server/flow/conference_facts.h"
#include "server/flow/leg_end.h"
#include "server/flow/leg_facts.h"
#include "server/flow/legs.h"

namespace callbridge::flow {
namespace {

// A result without a call is an absence if it is complete. Otherwise the look failed.
void OnLookAtCall(Knowledge& known, const Command& command, Time asked,
                  const CommandResult& result) {
  Leg* leg = LegOfCall(known, command.look_at_call().call_id());
  Require(leg != nullptr, "a call that is looked at has a leg");
  if (result.calls_size() == 0 && !result.complete()) {
    known.Note(CallLookFailed{leg->leg_id()});
    return;
  }
  *leg->mutable_looked_time() = base::ToTimestamp(asked);
  if (result.calls_size() == 0) {
    NoteAbsence(known, *leg);
    return;
  }
  const CallFacts& facts = result.calls(0);
  AbsorbCall(known, *leg, facts);
  known.Note(CallLookedAt{leg->leg_id(), facts});
}

// A living conference does not name people who have left it. If it shows the caller, a callee who
// had the time to join was in it too (decision 0039).
void NoteUntoldTalks(Knowledge& known, const ConferenceFacts& facts) {
  if (facts.finished() || !IsShownJoined(facts, Caller(known).call_id())) return;
  for (Leg& leg : known.legs()) {
    if (!leg.untold_talk() || leg.has_join_time()) continue;
    *leg.mutable_join_time() = leg.answer_time();
  }
}

// A result without a conference means that the provider knows none with this id, if it is complete.
// Otherwise the look failed.
void OnLookAtConference(Knowledge& known, const Command& command, Time asked,
                        const CommandResult& result) {
  const std::string& id = command.look_at_conference().conference_id();
  const bool is_ours = id == known.session().conference().conference_id();
  const bool shown = result.conferences_size() > 0;
  const ConferenceFacts facts = shown ? result.conferences(0) : ConferenceFacts();
  // The conference's hangup was refused, and the provider does not know it. These two witnesses
  // prove that it is over.
  const bool unknown = !shown && result.complete() && (known.session().has_outcome() || !is_ours);
  if (shown) AbsorbParticipants(known, facts);
  if (unknown || (facts.finished() && !is_ours)) NoteConferenceOver(known, id);
  if (!is_ours) return;
  if (shown) {
    *known.conference().mutable_looked_time() = base::ToTimestamp(asked);
  }
  if (facts.finished()) NoteConferenceFinished(known);
  NoteUntoldTalks(known, facts);
  known.Note(ConferenceLookedAt{asked, shown ? std::optional(facts) : std::nullopt});
}

// An incomplete result means that the look failed, or did not read the whole list.
void OnFindConference(Knowledge& known, Time asked, const CommandResult& result) {
  for (const ConferenceFacts& facts : result.conferences()) AdoptConference(known, facts);
  known.Note(ConferenceLookedFor{asked, result.complete()});
}

// An incomplete result means that the look failed, or did not read all lists.
void OnFindDial(Knowledge& known, const Command& command, Time asked, const CommandResult& result) {
  for (const CallFacts& facts : result.calls()) {
    if (Leg* leg = AdoptCall(known, facts, {}); leg != nullptr) AbsorbCall(known, *leg, facts);
  }
  for (const ConferenceFacts& facts : result.conferences()) AbsorbParticipants(known, facts);
  Leg* leg = LegOfDial(known, command.find_dial().dial());
  Require(leg != nullptr, "a dial that is looked for has a leg");
  if (result.complete()) *leg->mutable_looked_time() = base::ToTimestamp(asked);
  known.Note(DialLookedFor{leg->leg_id(), asked, result.complete()});
}

}  // namespace

void NoteLookResult(Knowledge& known, const Command& command, Time asked,
                    const CommandResult& result) {
  const bool done = result.verdict() == CommandResult::VERDICT_DONE;
  switch (command.action_case()) {
    case Command::kLookAtCall:
      OnLookAtCall(known, command, asked, done ? result : CommandResult());
      break;
    case Command::kLookAtConference:
      OnLookAtConference(known, command, asked, done ? result : CommandResult());
      break;
    case Command::kFindConference:
      OnFindConference(known, asked, done ? result : CommandResult());
      break;
    case Command::kFindDial:
      OnFindDial(known, command, asked, done ? result : CommandResult());
      break;
    default:
      Require(false, "only looks have the results of looks");
  }
  known.Note(LookAnswered{});
}

}  // namespace callbridge::flow
