// Lists that show late what was made: a conference whose creation was answered to nobody, and whose
// event was lost, is found and hung up in time, however long the looks for it take and whichever of
// them fails. A look proves what was true when it was asked, and a failed one nothing. A dial that
// was lost is dialled again in time, for caller and callee; if the lists are later than the setting
// says, two telephones may ring, and in the end there is one call, or none.
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
  // After a second creation the last look may come after the end; and all of this before a sweep
  // could help.
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

// The first dial of the caller or of the callee gets no answer. Whether it has its effect, the
// fault says.
Plan WithLostDial(const std::string& fault, bool of_caller, const std::string& list_lag) {
  Plan plan =
      OneBridge({.kind = of_caller ? BridgePlan::Kind::kRequested : BridgePlan::Kind::kIncoming,
                 .callee = "answers:3,hangs-up:8"});
  plan.faults = {{"list-lag", list_lag}};
  plan.calm_after = seconds(60);
  plan.ambushes = {Struck(fault, of_caller ? "dialing_caller" : "dialing_callee", "dial_leg")};
  plan.ambushes.front().always = false;
  return plan;
}

class LostDials : public testing::TestWithParam<bool> {};

TEST_P(LostDials, AreDialledAgainInTime) {
  constexpr seconds kInTime{11};
  for (const char* lag : {"0s", "1s", "4s"}) {
    SCOPED_TRACE(lag);
    World world(WithLostDial("reset-before", GetParam(), lag), {.keep_lines = true});
    ExpectEnd(world, v1::Outcome::RESULT_COMPLETED);
    const internal::v1::Leg leg = world.session().legs(GetParam() ? 0 : 1);
    EXPECT_TRUE(leg.redialled());
    EXPECT_LE(base::FromTimestamp(leg.sent_time()) - base::FromTimestamp(leg.create_time()),
              kInTime);
  }
}

TEST_P(LostDials, AreFoundAndNotDialledAgainWithinTheSetting) {
  for (const char* lag : {"0s", "1s", "3500ms"}) {
    SCOPED_TRACE(lag);
    Plan plan = WithLostDial("reset-after", GetParam(), lag);
    plan.faults.push_back({"drop-types", "CALL_STARTED,CALL_RINGING,PARTICIPANT_JOINING"});
    World world(plan, {.keep_lines = true});
    ExpectEnd(world, v1::Outcome::RESULT_COMPLETED);
    EXPECT_FALSE(world.session().legs(GetParam() ? 0 : 1).redialled());
  }
}

// The risk of the setting.
TEST_P(LostDials, LeaveOneCallAtMostWhenTheListsAreLaterThanTheSetting) {
  for (const char* callee : {"answers:3,hangs-up:8", "answers:14,hangs-up:8", "never-answers"}) {
    SCOPED_TRACE(callee);
    Plan plan = WithLostDial("reset-after", GetParam(), "15s");
    plan.bridges.front().callee = callee;
    plan.faults.push_back({"drop-types", "CALL_STARTED,CALL_RINGING,PARTICIPANT_JOINING"});
    World world(plan, {.keep_lines = true});
    ExpectSomeEnd(world);
  }
}

INSTANTIATE_TEST_SUITE_P(OfCallerAndCallee, LostDials, testing::Bool());

}  // namespace
}  // namespace callbridge::simulation
