// A further attempt of a command that certainly was not done: after the pause that the provider
// asked for, or after a doubling pause.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// True if the attempt certainly was not done: it was not sent, or the provider refused it for its
// rate.
bool IsCertainFailure(const CommandResult& result);
// The result must be a certain failure.
void RetryCertainFailure(Orders& orders, OpenCommand& open, const CommandResult& result);

}  // namespace callbridge::flow
