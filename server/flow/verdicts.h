// Verdicts: the deadlines at which the flow decides although no event of the provider has come. A
// verdict requires a look that was asked when the phase's look was due or later, and that was
// answered. After a pause of the service there is no such look. Then the flow asks once, and
// decides with the answer, or without it 5 s later.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// Returns true if the timer that fired must wait. Its question was then asked, and the timer was
// set again.
bool AsksFirst(Orders& orders, const Timer& timer);
// Handles an answered look: verdicts that waited for it are due now. The exception is the phase's
// verdict on a caller who is being moved into the conference.
void HastenVerdicts(Orders& orders);

}  // namespace callbridge::flow
