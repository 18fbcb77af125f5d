// How a leg ends: why, by whom, when, and what proves it. Only a terminal state proves an end, and
// an absence proves it only when it was seen twice.
#pragma once

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// The provider says that the call is over.
void EndByFacts(Knowledge& known, Leg& leg, const CallFacts& facts);
// The leg is over for this reason. inferred: nothing positive said so.
void EndLeg(Knowledge& known, Leg& leg, v1::EndReason reason, v1::Party ended_by,
            const v1::ProviderError* error, bool inferred);
// A complete look found nothing. The second time, absence later, proves the end.
void NoteAbsence(Knowledge& known, Leg& leg);

}  // namespace callbridge::flow
