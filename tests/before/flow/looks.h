// Looks: the provider is asked what is true, when an event is overdue or the fate of a command is
// unknown. A look that fails says nothing; the timer that asked asks again. A look answers the
// question that was asked: whether somebody is in the conference is asked of the conference,
// whether a call lives is asked of the call.
#pragma once

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

enum class Haste {
  // Something is overdue.
  kSoon,
  // Nothing is: the look leaves after all other commands of all sessions.
  kRoutine,
};

// Each asks once at a time: a look that is still open is not repeated, unless it is a routine one
// that has not left yet and this one is not.
void LookAtCall(Turn& turn, Leg& leg, Haste haste = Haste::kSoon);
// At the session's own; its id must be known.
void LookAtConference(Turn& turn, Haste haste = Haste::kSoon);
// At one of our name.
void LookAtConference(Turn& turn, const std::string& conference_id, Haste haste = Haste::kSoon);
void FindConference(Turn& turn);
// For a dial that was sent and is of unknown fate.
void FindDial(Turn& turn, Leg& leg);
// Whichever of LookAtCall and FindDial fits what is known of the leg.
void LookForLeg(Turn& turn, Leg& leg, Haste haste = Haste::kSoon);

// When the legs of a talk are to be looked at next, if nothing happens: after connected_look, or
// longer if there are so many talks that the worker asks for it.
void SetRoutineLook(Turn& turn);

// The caller may be gone, whatever a refusal says: that is asked before somebody is dialled, told
// why the bridge failed, or left in silence.
void AskForTheCaller(Turn& turn);

// The phase goes on when the look at the caller or the conference that is under way has been
// answered, or a second later.
void AwaitLook(Turn& turn);
bool AwaitsLook(Turn& turn);

void OnLookResult(Turn& turn, const Command& command, Time asked, const CommandResult& result);

}  // namespace callbridge::flow_before
