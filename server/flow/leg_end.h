// How a leg ends: why, by whom, when, and what proves it. A terminal state proves an end. An
// absence proves it only if it was seen twice.
#pragma once

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Ends the leg, because the provider says that the call is over.
void EndByFacts(Knowledge& known, Leg& leg, const CallFacts& facts);
// Ends the leg for this reason. inferred: no positive statement proves the end.
void EndLeg(Knowledge& known, Leg& leg, v1::EndReason reason, v1::Party ended_by,
            const v1::ProviderError* error, bool inferred);
// Records that a complete look did not show the leg's call. A second absence, late enough after the
// first, proves the end.
void NoteAbsence(Knowledge& known, Leg& leg);

}  // namespace callbridge::flow
