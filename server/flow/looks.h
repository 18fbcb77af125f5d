// Looks: the provider is asked what is true, when an event is overdue or the fate of a command is unknown. A look that fails
// says nothing; the timer that asked asks again.
#pragma once

#include "server/flow/turn.h"

namespace callbridge::flow {

// Each asks once at a time: a look that is still open is not repeated.
void LookAtCall(Turn& turn, Leg& leg);
// At the session's own; its id must be known.
void LookAtConference(Turn& turn);
// At one of our name.
void LookAtConference(Turn& turn, const std::string& conference_id);
void FindConference(Turn& turn);
// For a dial that was sent and is of unknown fate.
void FindDial(Turn& turn, Leg& leg);
// Whichever of LookAtCall and FindDial fits what is known of the leg.
void LookForLeg(Turn& turn, Leg& leg);

void OnLookResult(Turn& turn, const Command& command, Time asked, const CommandResult& result);

}  // namespace callbridge::flow
