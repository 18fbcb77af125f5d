// What happened in a world, for the message of a test that fails.
#pragma once

#include <string>

#include "tests/world/world.h"

namespace callbridge::world {

// The session's history, what each call went through, every request.
std::string Story(World& world);

}  // namespace callbridge::world
