// What the history tells, where more than one unit tells it.
#pragma once

#include <string_view>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// The bridge begins. The input must be the request for it, or the incoming call that has a route.
void TellStarted(Knowledge& known);
// The session begins with an incoming call, which is on offer or was rejected. The input must be
// that call.
void TellOffered(Knowledge& known);
// Something was waited for, this long, and did not come.
void TellDeadline(Knowledge& known, std::string_view waited_for, Duration after);

}  // namespace callbridge::flow
