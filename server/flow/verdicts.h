// Verdicts: the deadlines at which the flow decides without having been told. A verdict falls only
// after its question was answered by a look that was asked when the phase's look was due or later.
// After a pause of the service none was: then it is asked first, once, and the verdict falls with
// the answer, or without one 5 s later.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// True if the timer that fired must wait: its question was asked, and the timer is set again.
bool AsksFirst(Orders& orders, const Timer& timer);
// A look was answered: verdicts that waited for it are due now, but for the phase's verdict on a
// caller who is being moved into the conference.
void HastenVerdicts(Orders& orders);

}  // namespace callbridge::flow
