// Draws the worlds of judged_course.h: people of whom it is certain how it must end for them, a
// provider and a store that are not always equally fast, and at most two faults.
#pragma once

#include <cstdint>

#include "tests/simulation/plan.h"

namespace callbridge::simulation {

Plan DrawJudgedPlan(std::uint64_t seed);

}  // namespace callbridge::simulation
