// Records what looks have shown. A look that failed shows nothing.
#pragma once

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// asked: when the look left.
void NoteLookResult(Knowledge& known, const Command& command, Time asked,
                    const CommandResult& result);

}  // namespace callbridge::flow
