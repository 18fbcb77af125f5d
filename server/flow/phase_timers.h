// The deadlines of a phase: first a look, then a verdict. They end with the phase; those of
// Announcing last through Connected.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// Clears the timers of the present phase.
void LeavePhase(Orders& orders);
void SetPhaseDeadlines(Orders& orders, const google::protobuf::Duration& look,
                       const google::protobuf::Duration& verdict);
// Waits a short time for the end of a leg that did not join, because the end says why.
void AwaitReason(Orders& orders);

}  // namespace callbridge::flow
