// The provider's events: each is a witness of a leg, the conference or a sound. What it says is
// absorbed; what follows from it is the phase's to decide.
#pragma once

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

void OnProviderEvent(Turn& turn, const ProviderEvent& event);

}  // namespace callbridge::flow_before
