// Events of the history that several units tell.
#pragma once

#include <string_view>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Tells that the bridge begins. The input must be the request for it, or the incoming call that has
// a route.
void TellStarted(Knowledge& known);
// Tells that the session begins with an incoming call that is offered or was rejected. The input
// must be that call.
void TellOffered(Knowledge& known);
// Tells that something did not come although the flow waited for it for the time `after`.
void TellDeadline(Knowledge& known, std::string_view waited_for, Duration after);

}  // namespace callbridge::flow
