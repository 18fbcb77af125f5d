// What the tests of judged worlds share: a bridge that is judged, and what its people could
// complain about.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/judged_course.h"
#include "tests/simulation/user_case.h"

namespace callbridge::simulation {

inline Plan JudgedPlan(BridgePlan bridge = {}) {
  Plan plan = OneBridge(std::move(bridge));
  plan.judged = true;
  return plan;
}

inline std::vector<std::string> Complaints(const Plan& plan, World& world) {
  return FindComplaints(
      {plan, world.checker().chronicle(), world.model().world(), world.hearing(), world.mishaps()});
}

}  // namespace callbridge::simulation
