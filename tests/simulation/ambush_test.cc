// An ambush strikes what it was laid for, and nothing else: one for each kind of ground, in a world
// where nothing else goes wrong; and the table of situations is one that plans can be drawn from.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <set>
#include <string>

#include "tests/simulation/ambush_table.h"
#include "tests/simulation/expect.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/run.h"

namespace callbridge::simulation {
namespace {

std::string NameOf(const Ambush& ambush) {
  return absl::StrCat(ambush.fault, " ", ambush.phase, " ", ambush.command);
}

Plan WithAmbush(const Ambush& ambush) {
  Plan plan = OneBridge({.callee = "answers:3,hangs-up:8"});
  plan.ambushes = {ambush};
  plan.calm_after = std::chrono::seconds(90);
  return plan;
}

class AmbushOf : public testing::TestWithParam<Ambush> {};

TEST_P(AmbushOf, StrikesItsSituationOnce) {
  const Plan plan = WithAmbush(GetParam());
  const Course course = Play(plan);
  EXPECT_TRUE(course.ok()) << Explain(plan);
  const auto met = course.coverage.find(NameOf(GetParam()));
  ASSERT_NE(met, course.coverage.end()) << Describe(plan);
  EXPECT_EQ(met->second, 1) << Describe(plan);
}

INSTANTIATE_TEST_SUITE_P(
    Grounds, AmbushOf,
    testing::Values(Ambush{.fault = "crash-before",
                           .phase = "greeting",
                           .command = "play_prompt",
                           .lasts = std::chrono::seconds(1)},
                    Ambush{.fault = "refused", .phase = "ending", .command = "hang_up_conference"},
                    Ambush{
                        .fault = "throttled", .phase = "joining_caller", .command = "add_caller"},
                    Ambush{.fault = "drop", .phase = "greeting", .command = "nothing"},
                    Ambush{.fault = "callee-hangs-up", .phase = "announcing", .command = "nothing"},
                    Ambush{.fault = "disk-full",
                           .phase = "stopping_music",
                           .command = "stop_play",
                           .lasts = std::chrono::milliseconds(200)}));

TEST(Ambushes, LieOnlyInSeedsThatNoTestKnewBefore) {
  for (std::uint64_t seed = kAmbushesFrom - 50; seed < kAmbushesFrom; ++seed) {
    EXPECT_TRUE(DrawPlan(seed).ambushes.empty()) << seed;
  }
  int laid = 0;
  for (std::uint64_t seed = kAmbushesFrom; seed < kAmbushesFrom + 50; ++seed) {
    laid += DrawPlan(seed).ambushes.empty() ? 0 : 1;
  }
  EXPECT_GT(laid, 20);
}

TEST(Ambushes, AreLaidForEachCellOfTheTableOnce) {
  std::set<std::string> cells;
  for (const AmbushCell& cell : ReachableCells()) {
    EXPECT_GT(cell.weight, 0U);
    Ambush ambush;
    ambush.fault = cell.fault;
    ambush.phase = cell.row->phase;
    ambush.command = cell.row->command;
    EXPECT_TRUE(cells.insert(NameOf(ambush)).second) << NameOf(ambush);
  }
  for (const AmbushFault& fault : kAmbushFaults) {
    EXPECT_TRUE(std::any_of(cells.begin(), cells.end(), [&fault](const std::string& cell) {
      return cell.starts_with(std::string(fault.name) + " ");
    })) << std::string(fault.name);
  }
}

TEST(Ambushes, GoWithTheirBridgeWhenAPlanIsMadeSmaller) {
  Plan plan = OneBridge({});
  plan.bridges.resize(2);
  for (const int bridge : {0, 1, -1}) {
    plan.ambushes.push_back({.fault = "drop", .phase = "greeting", .command = "nothing"});
    plan.ambushes.back().bridge = bridge;
  }
  bool found = false;
  for (const Plan& smaller : Smaller(plan)) {
    if (smaller.bridges.size() == 2) continue;
    found = true;
    ASSERT_EQ(smaller.ambushes.size(), 2U);
    EXPECT_EQ(smaller.ambushes[0].bridge, 0);
    EXPECT_EQ(smaller.ambushes[1].bridge, -1);
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace callbridge::simulation
