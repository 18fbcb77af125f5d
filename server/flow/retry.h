// Another attempt of a command that certainly did nothing: after the provider's own pause, or a
// doubling one.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// The attempt certainly did nothing: it was not sent, or the provider turned it away for its rate.
bool IsCertainFailure(const CommandResult& result);
// The result must be a certain failure.
void RetryCertainFailure(Orders& orders, OpenCommand& open, const CommandResult& result);

}  // namespace callbridge::flow
