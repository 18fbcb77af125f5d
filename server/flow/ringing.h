// A dial that has not led to a person yet: it waits, is held, is lost, comes too late, or rings to
// the end. What that means depends on whose it is.
#pragma once

#include <cstdint>

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// A dial waits, is on its way, or is of unknown fate.
bool HasOpenDial(const Knowledge& known);
// A callee's dial is held back until a look shows that the caller is still there.
bool HoldsDial(const Session& session);
// The service was away: holds the callee's dial that waits, if there is one, and looks at the
// caller.
void HoldDial(Course& course);
// A look showed the caller.
void ReleaseDial(Course& course);

// A dial of unknown fate was looked for in vain.
Next OnDialLost(Course& course, Leg& leg);
// The person has not answered in the whole ring timeout.
Next OnRingVerdictTimer(Course& course, const Leg& leg);
// A dial has waited for its turn for as long as it may.
Next OnDialQueueTimer(Course& course);
// The time of a dial passed before it could be sent.
Next OnDialExpired(Course& course, std::int32_t number);

}  // namespace callbridge::flow
