// Plays plans and tells what came of them: what was violated, the hash of the course of events,
// what the faults met, and, on demand, the story. A failing plan is made smaller until nothing more
// can be left out.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "server/base/time.h"
#include "tests/simulation/plan.h"

namespace callbridge::simulation {

class World;

struct Course {
  std::vector<std::string> violations;
  std::uint64_t hash = 0;
  // How long the world lived, in its own time.
  base::Duration lasted{};
  int sessions = 0;
  // Outward steps of each server: where it may crash.
  std::vector<int> steps;
  // "fault phase command" → how often.
  std::map<std::string, std::int64_t> coverage;
  // Only if it was asked for.
  std::vector<std::string> story;

  bool ok() const { return violations.empty(); }
};

// A world that is over, before it is torn down.
using AtEnd = std::function<void(World&)>;

// Until all is over, or longer than anything may take.
Course Play(const Plan& plan, bool with_story = false, const AtEnd& at_end = {});

// Twice: a course that cannot be repeated is a violation of its own.
Course PlayTwice(const Plan& plan);

// A plan that fails as well, and none that is smaller by one thing does. plan must fail.
Plan Shrink(Plan plan);

// For people: the smallest plan, what it violates, and what happened in it.
std::string Explain(const Plan& plan);

}  // namespace callbridge::simulation
