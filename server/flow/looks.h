// Looks: the provider is asked what is true, when an event is overdue or the fate of a command is unknown. A look that fails
// says nothing; the timer that asked asks again.
#pragma once

#include "server/flow/turn.h"

namespace callbridge::flow {

enum class Haste {
  // Something is overdue.
  kSoon,
  // Nothing is: the look leaves after all other commands of all sessions.
  kRoutine,
};

// Each asks once at a time: a look that is still open is not repeated, unless it is a routine one that has not left yet and this one is
// not.
void LookAtCall(Turn& turn, Leg& leg, Haste haste = Haste::kSoon);
// Its id must be known.
void LookAtConference(Turn& turn, Haste haste = Haste::kSoon);
void FindConference(Turn& turn);
// For a dial that was sent and is of unknown fate.
void FindDial(Turn& turn, Leg& leg);
// Whichever of LookAtCall and FindDial fits what is known of the leg.
void LookForLeg(Turn& turn, Leg& leg, Haste haste = Haste::kSoon);

// When the legs of a talk are to be looked at next, if nothing happens: after connected_look, or longer if there are so many talks that
// the worker asks for it.
void SetRoutineLook(Turn& turn);

void OnLookResult(Turn& turn, const Command& command, Time asked, const CommandResult& result);

}  // namespace callbridge::flow
