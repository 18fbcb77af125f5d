// What a session of the tests begins with: a caller and a callee, a plan, and the deadlines.
#pragma once

#include "callbridge/internal/v1/input.pb.h"

namespace callbridge::flow {

// Deadlines of docs/flow.md §6.
internal::v1::Timing DefaultTiming();
internal::v1::SessionSettings DefaultSettings();
v1::Plan DefaultPlan();
v1::Callee DefaultCallee();
// CALL_RECEIVED of the caller, with a route.
internal::v1::IncomingCall RoutedCall();
internal::v1::StartBridge ClickToCall();

}  // namespace callbridge::flow
