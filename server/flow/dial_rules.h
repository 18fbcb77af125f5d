// A dial that has not reached a person yet: it waits, is held, is lost, comes too late, or rings to
// the end. What follows depends on whether it is the caller's or a callee's.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// True if a dial waits, is in flight, or has an unknown fate.
bool HasOpenDial(const Knowledge& known);
// True if a callee's dial is held until a look shows that the caller is still there.
bool HoldsDial(const Session& session);
// Holds the callee's dial that waits, if there is one, and looks at the caller, because the service
// was away.
void HoldDial(Course& course);
// Releases the held dial, because a look showed the caller.
void ReleaseDial(Course& course);

// Handles a dial of unknown fate whose call was not found.
Next OnDialLost(Course& course, Leg& leg);
// Called when the person did not answer during the whole ring timeout.
Next OnRingVerdictTimer(Course& course, const Leg& leg);
// Called when a dial has waited for its turn for as long as it may.
Next OnDialQueueTimer(Course& course);
// Handles a dial whose time passed before it could be sent.
Next OnDialExpired(Course& course, const Command& dial);

}  // namespace callbridge::flow
