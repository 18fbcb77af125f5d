// Subscriptions, notification profiles and security settings (docs/provider.md §3.2): what the
// account keeps of them, and how they refer to each other.
#pragma once

#include <optional>

#include "tests/simulator/answer.h"

namespace callbridge::simulator {

// Nothing if the operation is none of these.
std::optional<Answer> OnSubscriptions(World& world, const ParsedRequest& request);

}  // namespace callbridge::simulator
