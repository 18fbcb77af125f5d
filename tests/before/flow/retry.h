// Another attempt of a command that certainly did nothing: after the provider's own pause, or a
// doubling one.
#pragma once

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

// The result is NOT_SENT or THROTTLED.
void RetryCertainFailure(Turn& turn, OpenCommand& open, const CommandResult& result);

}  // namespace callbridge::flow_before
