// Lays the ambushes of a plan: draws situations from the table, brings the bridges that lead there,
// and lets most of these worlds have no other fault. It draws from a random stream of its own, so
// that whatever else a seed decides stays as it is.
#pragma once

#include <cstdint>

#include "tests/simulation/ambush_table.h"
#include "tests/simulation/plan.h"

namespace callbridge::simulation {

// In two of three plans; the third stays as it is.
void LieInAmbush(Plan& plan);

// One bridge that is brought into the situation of the row, and nothing else that goes wrong.
Plan LeadInto(const AmbushRow& row, std::uint64_t seed);

}  // namespace callbridge::simulation
