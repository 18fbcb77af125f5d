// How a bridge goes when nothing goes wrong: who gets which outcome, which prompts are heard, and
// that nothing had to be asked, corrected or given up. What the invariants allow in a storm is no
// excuse in the sunshine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "callbridge/v1/session.pb.h"
#include "tests/simulation/chronicle.h"
#include "tests/simulation/plan.h"
#include "tests/simulator/model.h"

namespace callbridge::simulation {

// The result that a bridge comes to by what people do. Absent: it depends on who is faster.
std::optional<v1::Outcome::Result> ExpectedResult(const BridgePlan& bridge);

// No fault, no trouble, no outage, the provider as it is by default, and one bridge.
bool IsCalm(const Plan& plan);

// What is wrong with the only session of a calm plan; empty: nothing.
std::vector<std::string> FindBlemishes(const Plan& plan, const Chronicle& chronicle,
                                       const simulator::Model& model);

}  // namespace callbridge::simulation
