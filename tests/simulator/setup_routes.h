// The operations that prepare an account: configurations, subscriptions, profiles, security
// settings, numbers, applications and files (docs/provider.md §3.1 to §3.3, §3.7). A table.
#pragma once

#include <vector>

#include "tests/simulator/operations.h"

namespace callbridge::simulator {

std::vector<Route> SetupRoutes();

}  // namespace callbridge::simulator
