// Draws the worlds of judged_course.h: people of whom it is certain how it must end for them, a
// provider and a store that are not always equally fast, and at most two faults.
#pragma once

#include <cstdint>

#include "tests/simulation/ambush_table.h"
#include "tests/simulation/draw.h"
#include "tests/simulation/plan.h"

namespace callbridge::simulation {

Plan DrawJudgedPlan(std::uint64_t seed);

// A bridge more, of people who come there.
void AddJudgedBridge(Draw& draw, AmbushWay way, Plan& plan);
// On the bridge that was drawn last.
void LayFault(const AmbushCell& cell, Draw& draw, Plan& plan);
// Some fault on the bridge that was drawn last, which goes this way, if it can strike there.
// Otherwise on one more.
void LayAnyFault(AmbushWay way, Draw& draw, Plan& plan);

}  // namespace callbridge::simulation
