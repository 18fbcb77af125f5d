// The deadlines of a phase: a look, then a verdict. They end with it.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// Timers that belong to a phase end with it.
void LeavePhase(Orders& orders);
void SetPhaseDeadlines(Orders& orders, const google::protobuf::Duration& look,
                       const google::protobuf::Duration& verdict);
// A leg did not join and its end, which says why, is to come: it is waited for, not for long.
void AwaitReason(Orders& orders);

}  // namespace callbridge::flow
