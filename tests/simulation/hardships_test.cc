// What befalls judged worlds besides faults changes nothing for their people, or no more than is
// foretold; and where a mistake lets it change more, it is found. Then worlds from seeds; ./dev
// simulate --first-seed 11000000000 plays more of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "tests/simulation/judged_case.h"
#include "tests/simulation/run.h"

namespace callbridge::simulation {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Longer than a bridge of these worlds lasts.
constexpr seconds kLongEnough{90};

// --- the clock of a server's machine is set ---

Plan WithClockSet(base::Duration at, base::Duration by) {
  Plan plan = JudgedPlan({.callee = "answers:5"});
  plan.servers.front().clock_steps = {{at, by}};
  return plan;
}

TEST(ClockSteps, ChangeNothingForPeople) {
  for (const base::Duration by : {base::Duration(hours(1)), base::Duration(-hours(1)),
                                  base::Duration(seconds(4)), base::Duration(-seconds(4))}) {
    for (const int at : {1, 3, 8, 20}) ExpectHolds(WithClockSet(seconds(at), by));
  }
}

// Its deadlines pass when it is set forward, and wait for an hour when it is set back.
TEST(ClockSteps, AreComplainedOfIfAServerFollowsThemAtOnce) {
  for (const base::Duration by : {base::Duration(hours(1)), base::Duration(-hours(1))}) {
    const Plan plan = WithClockSet(seconds(5), by);
    World::Options options = Kept();
    options.follows_machine_clock = true;
    World world(plan, options);
    world.Run(kLongEnough);
    EXPECT_THAT(Complaints(plan, world), Not(IsEmpty())) << Story(world);
  }
}

TEST(ClockSteps, AreNamedInThePlan) {
  EXPECT_THAT(Describe(WithClockSet(seconds(5), -hours(1))),
              HasSubstr("its clock is set by -3600s after 5s"));
}

// --- worlds from seeds ---

class HardshipSeeds : public testing::TestWithParam<int> {};

TEST_P(HardshipSeeds, LeaveNothingToComplainAbout) {
  constexpr std::uint64_t kBatch = 8;
  const std::uint64_t first = kHardshipsFrom + kBatch * static_cast<std::uint64_t>(GetParam());
  for (std::uint64_t seed = first; seed < first + kBatch; ++seed) {
    const Plan plan = DrawPlan(seed);
    const Course course = PlayTwice(plan);
    ASSERT_TRUE(course.ok()) << "seed " << seed << ": " << course.violations.front() << "\n"
                             << Explain(plan);
  }
}

INSTANTIATE_TEST_SUITE_P(Worlds, HardshipSeeds, testing::Range(0, 8));

}  // namespace
}  // namespace callbridge::simulation
