// Lays the ambushes of a plan: draws situations from the table, brings the bridges that lead there,
// and lets most of these worlds have no other fault. It draws from a random stream of its own, so
// that whatever else a seed decides stays as it is.
#pragma once

#include "tests/simulation/plan.h"

namespace callbridge::simulation {

// In two of three plans; the third stays as it is.
void LieInAmbush(Plan& plan);

}  // namespace callbridge::simulation
