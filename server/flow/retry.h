// Another attempt of a command that certainly did nothing: after the provider's own pause, or a
// doubling one.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// The result is NOT_SENT or THROTTLED.
void RetryCertainFailure(Orders& orders, OpenCommand& open, const CommandResult& result);

}  // namespace callbridge::flow
