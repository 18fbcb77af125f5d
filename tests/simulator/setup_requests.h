// The operations that prepare an account (docs/provider.md §3.1 to §3.3): they keep what they are
// given, as the provider shows it later. What a subscription makes of events stands in the shell.
#pragma once

#include <optional>

#include "tests/simulator/answer.h"

namespace callbridge::simulator {

// Nothing if the operation is none of these.
std::optional<Answer> OnSetup(World& world, const ParsedRequest& request);

}  // namespace callbridge::simulator
