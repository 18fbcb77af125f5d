// Every outward step of a server, an operation of the store or a request, is the last thing that it
// does once: each scenario is played with a crash before and after each of its steps; the shortest
// one with every pair of crashes. And each answer of the store is lost once, and each operation
// refused once.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/simulation/expect.h"
#include "tests/simulation/run.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct CrashCase {
  std::string name;
  BridgePlan bridge;
};

std::vector<CrashCase> Scenarios() {
  using Kind = BridgePlan::Kind;
  return {
      {"Connected", {.callee = "answers:3,hangs-up:8"}},
      {"Unanswered", {.callee = "never-answers"}},
      {"Busy", {.callee = "busy"}},
      {"Refused", {.callee = "refused:403"}},
      {"CallerLeavesInTheGreeting", {.caller_leaves = milliseconds(2500)}},
      {"CallerLeavesWhileItRings", {.caller_leaves = seconds(6)}},
      {"Cancelled", {.callee = "never-answers", .end_asked = seconds(7)}},
      {"TwoDialled", {.kind = Kind::kRequested, .callee = "answers:2,hangs-up:6"}},
      {"CallerBusy", {.kind = Kind::kRequested, .caller = "busy"}},
      {"OfferTaken", {.kind = Kind::kOffered, .callee = "answers:1,hangs-up:4"}},
      {"OfferDeclined", {.kind = Kind::kOffered, .offer_taken = seconds(60)}},
  };
}

int StepsOf(const Plan& plan) {
  const Course course = Play(plan);
  EXPECT_TRUE(course.ok()) << Explain(plan);
  return course.steps.front();
}

class EveryStep : public testing::TestWithParam<CrashCase> {
 protected:
  // Plays the scenario once for each of its steps, with this trouble at that step.
  void Meets(Trouble::Kind kind, base::Duration lasts) {
    const Plan plan = OneBridge(GetParam().bridge);
    const int steps = StepsOf(plan);
    ASSERT_GT(steps, 20);
    for (int step = 1; step <= steps; ++step) {
      Plan troubled = plan;
      troubled.servers.front().troubles[step] = {kind, lasts};
      SCOPED_TRACE(absl::StrCat(NameOf(kind), " at step ", step, " of ", steps));
      ExpectHolds(troubled);
      if (HasFailure()) return;
    }
  }
};

TEST_P(EveryStep, MayBeTheLastBeforeACrash) { Meets(Trouble::Kind::kCrashAfter, seconds(1)); }
TEST_P(EveryStep, MayBeKeptFromHappeningByACrash) {
  Meets(Trouble::Kind::kCrashBefore, seconds(4));
}
TEST_P(EveryStep, MayLoseItsAnswer) { Meets(Trouble::Kind::kAnswerLost, {}); }
TEST_P(EveryStep, MayBeRefusedByTheStore) { Meets(Trouble::Kind::kRefused, milliseconds(700)); }
TEST_P(EveryStep, MayBeSleptOver) { Meets(Trouble::Kind::kSleepBefore, seconds(3)); }

std::string NameOfCrashCase(const testing::TestParamInfo<CrashCase>& scenario) {
  return scenario.param.name;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, EveryStep, testing::ValuesIn(Scenarios()), NameOfCrashCase);

// Two replicas: one stands still at each of its steps for longer than everything, and wakes when
// the other has gone on.
TEST(TwoServers, SurviveThatOneSleepsAtEachStep) {
  Plan plan = OneBridge({.callee = "answers:2,hangs-up:5"});
  plan.servers.resize(2);
  const Course whole = Play(plan);
  ASSERT_TRUE(whole.ok()) << Explain(plan);
  for (std::size_t server = 0; server < 2; ++server) {
    for (int step = 1; step <= whole.steps[server]; ++step) {
      for (const Trouble::Kind kind : {Trouble::Kind::kSleepBefore, Trouble::Kind::kSleepAfter}) {
        Plan troubled = plan;
        troubled.servers[server].troubles[step] = {kind, seconds(20)};
        SCOPED_TRACE(absl::StrCat("server ", server + 1, " ", NameOf(kind), " at step ", step));
        ExpectHolds(troubled);
        if (testing::Test::HasFailure()) return;
      }
    }
  }
}

// The shortest scenario, with each pair of crashes, one after the step and one before a later one.
// In parts, by the first of the two.
constexpr int kParts = 6;

class EveryPairOfSteps : public testing::TestWithParam<int> {};

TEST_P(EveryPairOfSteps, MayBeCrashes) {
  const Plan plan = OneBridge({.caller_leaves = milliseconds(900)});
  const int steps = StepsOf(plan);
  for (int first = 1 + GetParam(); first <= steps; first += kParts) {
    for (int second = first + 1; second <= steps + 4; ++second) {
      Plan troubled = plan;
      Troubles& troubles = troubled.servers.front().troubles;
      troubles[first] = {Trouble::Kind::kCrashAfter, milliseconds(300)};
      troubles[second] = {Trouble::Kind::kCrashBefore, milliseconds(300)};
      SCOPED_TRACE(absl::StrCat("crashes at steps ", first, " and ", second));
      ExpectHolds(troubled);
      if (testing::Test::HasFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Parts, EveryPairOfSteps, testing::Range(0, kParts));

}  // namespace
}  // namespace callbridge::simulation
