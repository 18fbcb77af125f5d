// How it is for the people of a world in which little goes wrong. The invariants allow any end that
// is explained; people expect the right one, and a line that is not dead. A caller takes it for
// dead after about 2 s: that is the most without a fault on that line. Each fault that struck it
// may cost as much more as docs/flow.md allows for.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/chronicle.h"
#include "tests/simulation/hearing.h"
#include "tests/simulation/mishap.h"
#include "tests/simulation/plan.h"
#include "tests/simulator/world.h"

namespace callbridge::simulation {

// A server that is away for no longer than this loses no webhook for good: longer than the
// deadlines of looks, shorter than webhooks are held.
inline constexpr std::chrono::seconds kPauseMax{6};

// Under a fault of this name the outcome and the silence can be foretold.
bool IsJudged(std::string_view fault);

// How much longer a person may hear nothing because of it.
base::Duration CostOf(const Mishap& mishap);

// What a world left behind. All must outlive it.
struct Evidence {
  const Plan& plan;
  const Chronicle& chronicle;
  const simulator::World& provider;
  const Hearing& hearing;
  const std::vector<Mishap>& mishaps;
};

// What people could complain about. Empty: nothing.
std::vector<std::string> FindComplaints(const Evidence& evidence);

}  // namespace callbridge::simulation
