// The worlds of the simulation, whose every step is compared with the Step before: those that
// caught a planted mistake, and some of each kind. CALLBRIDGE_WORLDS_BEFORE says how many of each.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include "server/flow/step.h"
#include "tests/before/comparison.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/run.h"
#include "tests/simulation/world.h"

namespace callbridge::flow_before {
namespace {

// The Step before on all inputs of the session that were kept.
std::string CompareSession(simulation::World& world, const std::string& session_id) {
  const auto inputs = world.store().ReadInputs(session_id);
  if (!inputs.ok()) return inputs.status().ToString();
  StepBefore before;
  internal::v1::Session session;
  session.set_session_id(session_id);
  for (const store::ConsumedInput& consumed : *inputs) {
    const internal::v1::Transition transition = flow::Step(session, consumed.input);
    const std::string difference = before.Compare(consumed.input, transition);
    if (!difference.empty()) return difference;
    session = transition.session();
  }
  return {};
}

void ExpectTheSame(std::uint64_t seed) {
  std::string difference;
  simulation::Play(simulation::DrawPlan(seed), false, [&](simulation::World& world) {
    for (const auto& [session_id, watched] : world.checker().chronicle().sessions) {
      if (difference.empty()) difference = CompareSession(world, session_id);
    }
  });
  ASSERT_EQ(difference, "") << "seed " << seed;
}

std::uint64_t WorldsOfEachKind() {
  const char* asked = std::getenv("CALLBRIDGE_WORLDS_BEFORE");
  return asked == nullptr ? 5 : std::stoull(asked);
}

TEST(StepBefore, SaysTheSameInEveryNotedWorld) {
  std::ifstream notes(CALLBRIDGE_SOURCE_DIR "/tests/mutants/noted_seeds.txt");
  ASSERT_TRUE(notes.good());
  std::set<std::uint64_t> seeds;
  for (std::string line; std::getline(notes, line);) {
    if (!line.starts_with('#')) seeds.insert(std::stoull(line.substr(line.find(' '))));
  }
  ASSERT_GT(seeds.size(), 10U);
  for (const std::uint64_t seed : seeds) ExpectTheSame(seed);
}

TEST(StepBefore, SaysTheSameInWorldsOfEachKind) {
  for (const std::uint64_t first : {1ULL, 400'000ULL, 1'000'000'000ULL, 11'000'000'000ULL}) {
    for (std::uint64_t i = 0; i < WorldsOfEachKind(); ++i) ExpectTheSame(first + i);
  }
}

}  // namespace
}  // namespace callbridge::flow_before
