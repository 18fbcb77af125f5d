// Lists that show late what was made: a conference whose creation was answered to nobody, and whose event was lost, is found and
// hung up before its session is over, however long the looks for it take. A look proves what was true when it was asked.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/simulation/expect.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The first creation, or the first two, have their effect, and nobody is told.
Plan WithHiddenConferences(bool twice, base::Duration caller_leaves, base::Duration looks_take) {
  Plan plan = OneBridge({.caller_leaves = caller_leaves});
  plan.faults = {{"list-lag", "15s"}, {"drop-types", "CONFERENCE_CREATED"}};
  plan.calm_after = seconds(60);
  Ambush creation{.fault = "reset-after",
                  .phase = "answering_caller",
                  .command = "create_conference",
                  .always = twice,
                  .own_request = true};
  plan.ambushes.push_back(creation);
  for (const char* phase : {"answering_caller", "ending"}) {
    plan.ambushes.push_back({.fault = "slow-response",
                             .phase = phase,
                             .command = "find_conference",
                             .always = true,
                             .own_request = true,
                             .lasts = looks_take});
  }
  return plan;
}

class LateLists : public testing::TestWithParam<bool> {};

TEST_P(LateLists, HideNoConferenceFromALookThatTakesLong) {
  for (milliseconds leaves(500); leaves < seconds(12); leaves += milliseconds(700)) {
    for (const milliseconds looks_take :
         {milliseconds(1500), milliseconds(3000), milliseconds(4500)}) {
      SCOPED_TRACE(absl::StrCat("the caller leaves after ", leaves.count(), " ms, looks take ",
                                looks_take.count(), " ms"));
      World world(WithHiddenConferences(GetParam(), leaves, looks_take), {.keep_lines = true});
      constexpr seconds kLongest{60};
      ASSERT_TRUE(world.RunUntil([&world] { return world.session().has_ended(); }, kLongest));
      ASSERT_EQ(world.ConferencesOpen(), 0) << Story(world);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Creations, LateLists, testing::Bool());

}  // namespace
}  // namespace callbridge::simulation
