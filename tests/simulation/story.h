// What happened in a world, for the message of a test that fails.
#pragma once

#include <string>

#include "tests/simulation/world.h"

namespace callbridge::simulation {

// The session's history, what each call went through, every request.
std::string Story(World& world);

}  // namespace callbridge::simulation
