// What the provider says of a leg's call, in an event or a look.
#pragma once

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Records what is said of the call. Its end counts only with the state ENDED.
void AbsorbCall(Knowledge& known, Leg& leg, const CallFacts& facts);
// Records what is said of the call's place in the session's conference.
void AbsorbParticipant(Knowledge& known, Leg& leg, const ParticipantFacts& facts);
// Records that a leg that has ended was in the conference before, which is told only now.
void NoteWasIn(Leg& leg, const ParticipantFacts& facts);

}  // namespace callbridge::flow
