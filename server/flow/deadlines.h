// When each timer may stand. A deadline that follows from what is known is neither set nor cleared
// by a rule: it is derived here after every change. The other timers are set where something
// begins, and they are dropped here once what is known has made them pointless.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// Brings the session's timers in line with what is known.
void RefreshTimers(Orders& orders);

}  // namespace callbridge::flow
