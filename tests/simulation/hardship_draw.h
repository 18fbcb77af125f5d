// Draws the worlds from kHardshipsFrom on: those of judged_draw.h, and something besides that
// people may not notice, or that costs them no more than what is foretold of it.
#pragma once

#include "tests/simulation/plan.h"

namespace callbridge::simulation {

// Adds one hardship to a judged plan.
void AddHardship(Plan& plan);

}  // namespace callbridge::simulation
