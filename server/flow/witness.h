// The provider's events: each is a witness of a leg, the conference or a sound. What it says is
// recorded; the rules of the phase decide what follows from it.
#pragma once

#include "server/flow/knowledge.h"

namespace callbridge::flow {

void OnProviderEvent(Knowledge& known, const ProviderEvent& event);

}  // namespace callbridge::flow
