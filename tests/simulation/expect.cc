#include "tests/simulation/expect.h"

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "tests/simulation/run.h"

namespace callbridge::simulation {

Plan OneBridge(BridgePlan bridge) {
  Plan plan;
  plan.bridges = {std::move(bridge)};
  plan.readers = 1;
  return plan;
}

World::Options Passing(Passes passes) { return {.keep_lines = true, .passes = std::move(passes)}; }

Passes AllBut(const std::string& part) {
  return [part](const simulator::Delivery& delivery) {
    return delivery.type.find(part) == std::string::npos;
  };
}

bool Everything(const simulator::Delivery&) { return true; }

std::string Story(World& world) {
  std::string story = "\n";
  for (const std::string& line : world.trace().lines()) absl::StrAppend(&story, line, "\n");
  for (const std::string& violation : world.checker().violations().found()) {
    absl::StrAppend(&story, violation, "\n");
  }
  return story;
}

void ExpectSomeEnd(World& world) {
  constexpr std::chrono::seconds kLongest{900};
  const bool over =
      world.RunUntil([&world] { return world.session().has_ended() && world.IsOver(); }, kLongest);
  world.checker().CheckEnd(world.store());
  EXPECT_TRUE(over && world.checker().violations().empty()) << Story(world);
}

void ExpectEnd(World& world, v1::Outcome::Result result) {
  ExpectSomeEnd(world);
  const v1::Outcome outcome = world.session().outcome();
  EXPECT_EQ(outcome.result(), result)
      << v1::Outcome::Result_Name(outcome.result()) << " " << outcome.summary() << Story(world);
}

void ExpectHolds(const Plan& plan) {
  const Course course = Play(plan);
  if (!course.ok()) ADD_FAILURE() << Explain(plan);
}

void ExpectSeedsHold(std::uint64_t first, std::uint64_t seeds) {
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    const Plan plan = DrawPlan(seed);
    const Course course = PlayTwice(plan);
    if (course.ok()) continue;
    ADD_FAILURE() << "seed " << seed << ": " << course.violations.front() << "\n" << Explain(plan);
    return;
  }
}

}  // namespace callbridge::simulation
