// Which end of a judged bridge is the right one. Where nobody acts on their own it is the one that
// the people's scripts lead to; where somebody hangs up, or the service was away for long, it
// follows from what was true at the provider.
#pragma once

#include <string>
#include <vector>

#include "tests/simulation/judged_bridge.h"

namespace callbridge::simulation {

void JudgeOutcome(const JudgedBridge& bridge, const Evidence& evidence,
                  std::vector<std::string>& complaints);

}  // namespace callbridge::simulation
