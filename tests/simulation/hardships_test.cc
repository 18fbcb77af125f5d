// What befalls judged worlds besides faults changes nothing for their people, or no more than is
// foretold; and where a mistake lets it change more, it is found. Then worlds from seeds; ./dev
// simulate --first-seed 11000000000 plays more of them.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/judged_case.h"
#include "tests/simulation/run.h"

namespace callbridge::simulation {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
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

// --- one look does not find what is there ---

TEST(ALookThatFindsNothingOnce, ChangesNothingForPeople) {
  for (const char* phase : {"dialing_callee", "connected"}) {
    for (const char* history_has_live : {"no", "yes"}) {
      Plan plan = JudgedPlan({.callee = "answers:5"});
      plan.switches.emplace_back("history-has-live", history_has_live);
      plan.calm_after = kLongEnough;
      plan.ambushes = {Ambush{
          .fault = "not-found", .phase = phase, .command = std::string(kAnything), .bridge = 0}};
      const Course course = Play(plan);
      EXPECT_TRUE(course.ok()) << Explain(plan);
      EXPECT_TRUE(std::any_of(course.coverage.begin(), course.coverage.end(),
                              [phase](const auto& cell) {
                                return cell.first.starts_with(absl::StrCat("not-found ", phase));
                              }))
          << Describe(plan);
    }
  }
}

// Somebody who takes every 404 for the end, as the provider would have it.
TEST(ALookThatFindsNothingOnce, IsComplainedOfIfTheCallIsTakenForEnded) {
  const Plan plan = JudgedPlan({.callee = "answers:5"});
  World world(plan, Kept());
  ASSERT_TRUE(RunUntilPhase(world, "dialing_callee")) << Story(world);
  world.Run(seconds(4));
  const std::string call_id = CallOf(world, kCaller).id;
  world.ingresses().front()->Receive(absl::StrCat(
      R"({"type":"CALL_FINISHED","callId":")", call_id, R"(","callsConfigurationId":"bridge",)",
      R"("timestamp":")", base::FormatTime(world.now()), R"(","properties":{"callLog":{"callId":")",
      call_id, R"(","errorCode":{"name":"NORMAL_HANGUP"}}}})"));
  world.Run(kLongEnough);
  EXPECT_THAT(Complaints(plan, world), Not(IsEmpty())) << Story(world);
}

// --- storms of webhooks ---

Plan WithStorm(Storm::Kind kind, base::Duration lasts) {
  Plan plan = JudgedPlan({.callee = "answers:3,hangs-up:20"});
  plan.storms = {Storm{.kind = kind, .begins = seconds(2), .lasts = lasts, .events = 400}};
  return plan;
}

TEST(Storms, ChangeNothingForPeople) {
  for (const Storm::Kind kind : {Storm::Kind::kRepeated, Storm::Kind::kUnneeded}) {
    ExpectHolds(WithStorm(kind, seconds(25)));
    ExpectHolds(WithStorm(kind, milliseconds(200)));
  }
}

// Each webhook takes the store so long that what matters waits behind what does not.
TEST(Storms, AreComplainedOfIfTheyHoldUpWhatMatters) {
  Plan plan = WithStorm(Storm::Kind::kRepeated, seconds(15));
  plan.store_takes_max = milliseconds(500);
  World world(plan, Kept());
  world.Run(kLongEnough);
  EXPECT_THAT(Complaints(plan, world), Not(IsEmpty())) << Story(world);
}

TEST(Storms, AreNamedInThePlan) {
  EXPECT_THAT(Describe(WithStorm(Storm::Kind::kRepeated, seconds(25))),
              HasSubstr("400 repeated webhooks from 2s for 25s"));
}

// --- the service is away for long ---

Plan WithFault(const char* fault, const char* phase, base::Duration lasts, BridgePlan bridge) {
  Plan plan = JudgedPlan(std::move(bridge));
  plan.calm_after = kLongEnough;
  plan.ambushes = {Ambush{.fault = fault,
                          .phase = phase,
                          .command = std::string(kAnything),
                          .bridge = 0,
                          .lasts = lasts}};
  return plan;
}

TEST(LongPauses, LeaveTheEndThatThePeopleMade) {
  for (const char* fault : {"sleep-after", "crash-after", "ingress-down"}) {
    for (const char* phase : {"announcing", "connected"}) {
      ExpectHolds(WithFault(fault, phase, seconds(45), {.callee = "answers:3,hangs-up:20"}));
    }
    ExpectHolds(WithFault(fault, "greeting", seconds(30), {.callee = "answers:5"}));
  }
}

// The whole talk takes place while the service is away, and the conference, which lives, does not
// name who has left it.
TEST(LongPauses, HideNoTalk) {
  const BridgePlan bridge{.callee = "answers:3,hangs-up:20"};
  Plan plan = WithFault("sleep-after", "dialing_callee", seconds(45), bridge);
  // It is away from when the callee rings.
  plan.ambushes.front().passes = 8;
  ExpectHolds(plan);
  ExpectHolds(WithFault("sleep-after", "stopping_music", seconds(45), bridge));
}

// What was told of a session, changed behind the back of those who judge it.
std::vector<std::string> ComplaintsIfToldAs(const Plan& plan, World& world,
                                            v1::Outcome::Result result) {
  Chronicle chronicle = world.checker().chronicle();
  for (auto& [session_id, watched] : chronicle.sessions) {
    watched.session.mutable_outcome()->set_result(result);
  }
  return FindComplaints({plan, chronicle, world.model().world(), world.hearing(), world.mishaps()});
}

TEST(LongPauses, AreComplainedOfIfTwoWhoTalkedAreToldAsUnreached) {
  const Plan plan =
      WithFault("sleep-after", "connected", seconds(45), {.callee = "answers:3,hangs-up:20"});
  World world(plan, Kept());
  world.Run(kLongEnough);
  EXPECT_THAT(Complaints(plan, world), IsEmpty()) << Story(world);
  for (const v1::Outcome::Result result :
       {v1::Outcome::RESULT_CALLEE_UNREACHED, v1::Outcome::RESULT_FAILED,
        v1::Outcome::RESULT_CALLER_ABANDONED}) {
    EXPECT_THAT(ComplaintsIfToldAs(plan, world, result),
                ElementsAre(HasSubstr("not RESULT_COMPLETED")));
  }
}

// Nobody was dialled, so nobody can have talked.
TEST(LongPauses, AreComplainedOfIfTwoWhoNeverTalkedAreToldAsCompleted) {
  const Plan plan =
      WithFault("sleep-after", "answering_caller", seconds(45), {.callee = "never-answers"});
  World world(plan, Kept());
  world.Run(kLongEnough);
  EXPECT_THAT(Complaints(plan, world), IsEmpty()) << Story(world);
  EXPECT_THAT(ComplaintsIfToldAs(plan, world, v1::Outcome::RESULT_COMPLETED),
              ElementsAre(HasSubstr("is RESULT_COMPLETED, not")));
}

// --- somebody hangs up ---

struct HangUpCase {
  const char* phase;
  const char* fault;
  v1::Outcome::Result result;
  v1::Outcome::Result wrong;
};

TEST(HangUps, LeadToTheEndOfTheirPhaseAndToNoOther) {
  using O = v1::Outcome;
  for (const HangUpCase& one :
       {HangUpCase{"greeting", "caller-hangs-up", O::RESULT_CALLER_ABANDONED, O::RESULT_FAILED},
        HangUpCase{"dialing_callee", "caller-hangs-up", O::RESULT_CALLER_ABANDONED,
                   O::RESULT_CALLEE_UNREACHED},
        HangUpCase{"dialing_callee", "callee-hangs-up", O::RESULT_CALLEE_UNREACHED,
                   O::RESULT_COMPLETED},
        HangUpCase{"connected", "caller-hangs-up", O::RESULT_COMPLETED, O::RESULT_CALLER_ABANDONED},
        HangUpCase{"connected", "callee-hangs-up", O::RESULT_COMPLETED,
                   O::RESULT_CALLEE_UNREACHED}}) {
    const Plan plan = WithFault(one.fault, one.phase, milliseconds(300), {.callee = "answers:5"});
    World world(plan, Kept());
    world.Run(kLongEnough);
    EXPECT_THAT(Complaints(plan, world), IsEmpty()) << one.phase << Story(world);
    EXPECT_EQ(world.session().outcome().result(), one.result) << one.phase << Story(world);
    EXPECT_THAT(ComplaintsIfToldAs(plan, world, one.wrong), ElementsAre(HasSubstr("the result is")))
        << one.phase << one.fault;
  }
}

// With the caller ends the conference: the dial, which is on its way, is refused.
TEST(HangUps, OfACallerAreNotToldAsTheRefusalOfTheDial) {
  for (const int after : {0, 1, 20, 100, 200, 400, 700}) {
    const Plan plan = WithFault("caller-hangs-up", "dialing_callee", milliseconds(after),
                                {.callee = "answers:5"});
    World world(plan, Kept());
    world.Run(kLongEnough);
    EXPECT_THAT(Complaints(plan, world), IsEmpty()) << after << Story(world);
    EXPECT_EQ(world.session().outcome().result(), v1::Outcome::RESULT_CALLER_ABANDONED)
        << after << Story(world);
  }
}

// --- worlds from seeds ---

class HardshipSeeds : public testing::TestWithParam<int> {};

TEST_P(HardshipSeeds, LeaveNothingToComplainAbout) {
  constexpr std::uint64_t kBatch = 8;
  ExpectSeedsHold(kHardshipsFrom + kBatch * static_cast<std::uint64_t>(GetParam()), kBatch);
}

INSTANTIATE_TEST_SUITE_P(Worlds, HardshipSeeds, testing::Range(0, 8));

}  // namespace
}  // namespace callbridge::simulation
