// Lists that show late what was made: a conference whose creation was answered to nobody, and whose event was lost, is found and
// hung up in time, however long the looks for it take and whichever of them fails. A look proves what was true
// when it was asked, and a failed one nothing.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "tests/simulation/expect.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Ambush Struck(std::string fault, std::string phase, std::string command) {
  Ambush ambush;
  ambush.fault = std::move(fault);
  ambush.phase = std::move(phase);
  ambush.command = std::move(command);
  ambush.always = true;
  ambush.own_request = true;
  return ambush;
}

// The first creation, or every one, has its effect, and nobody is told.
Plan WithHiddenConferences(bool every, base::Duration caller_leaves) {
  Plan plan = OneBridge({.caller_leaves = caller_leaves});
  plan.faults = {{"list-lag", "15s"}, {"drop-types", "CONFERENCE_CREATED"}};
  plan.calm_after = seconds(60);
  plan.ambushes = {Struck("reset-after", "answering_caller", "create_conference")};
  plan.ambushes.front().always = every;
  return plan;
}

// So long after the session's end at most.
void ExpectNoneLeftOpen(const Plan& plan, base::Duration longest) {
  constexpr seconds kSessionMax{60};
  World world(plan, {.keep_lines = true});
  ASSERT_TRUE(world.RunUntil([&world] { return world.session().has_ended(); }, kSessionMax));
  ASSERT_TRUE(world.RunUntil([&world] { return world.ConferencesOpen() == 0; }, longest))
      << Describe(plan) << Story(world);
}

class LateLists : public testing::TestWithParam<bool> {};

TEST_P(LateLists, HideNoConferenceFromALookThatTakesLong) {
  for (milliseconds leaves(500); leaves < seconds(12); leaves += milliseconds(1900)) {
    for (const milliseconds looks_take :
         {milliseconds(1500), milliseconds(3000), milliseconds(4500)}) {
      Plan plan = WithHiddenConferences(GetParam(), leaves);
      for (const char* phase : {"answering_caller", "ending"}) {
        plan.ambushes.push_back(Struck("slow-response", phase, "find_conference"));
        plan.ambushes.back().lasts = looks_take;
      }
      ExpectNoneLeftOpen(plan, seconds(0));
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(LateLists, HideNoConferenceWhenALookFails) {
  // After a second creation the last look may come after the end; and all of this before a sweep could help.
  constexpr seconds kLastLook{17};
  for (milliseconds leaves(500); leaves < seconds(3); leaves += milliseconds(800)) {
    for (int passes = 0; passes < 10; ++passes) {
      Plan plan = WithHiddenConferences(GetParam(), leaves);
      plan.ambushes.push_back(Struck("error-after", "ending", "find_conference"));
      plan.ambushes.back().always = false;
      plan.ambushes.back().passes = passes;
      ExpectNoneLeftOpen(plan, kLastLook);
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Creations, LateLists, testing::Bool());

}  // namespace
}  // namespace callbridge::simulation
