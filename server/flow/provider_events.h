// The provider's events. Each tells something about a leg, the conference or a sound. This unit
// records it, and the rules of the phase decide what follows.
#pragma once

#include "server/flow/knowledge.h"

namespace callbridge::flow {

void OnProviderEvent(Knowledge& known, const ProviderEvent& event);

}  // namespace callbridge::flow
