// What the provider says of a leg's call, by an event or in a look.
#pragma once

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// What is said of the call. Its end must be positive (state ENDED).
void AbsorbCall(Knowledge& known, Leg& leg, const CallFacts& facts);
// What is said of the call's place in the session's conference.
void AbsorbParticipant(Knowledge& known, Leg& leg, const ParticipantFacts& facts);
// A leg that has ended was in the conference before, and that is told only now.
void NoteWasIn(Leg& leg, const ParticipantFacts& facts);

}  // namespace callbridge::flow
