// Sessions of other versions of this service.
#include "server/flow/upgrade.h"

#include <gtest/gtest.h>

#include "server/flow/step.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::Leg;
using internal::v1::Session;

TEST(Upgrade, MarksWhatIsStepped) {
  Scenario scenario;
  scenario.Play("incoming-call");
  EXPECT_EQ(scenario.session().layout(), kLayout);
}

TEST(Upgrade, LeavesAPresentSessionAsItIs) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  Session session = scenario.session();
  Upgrade(&session);
  EXPECT_EQ(session.SerializeAsString(), scenario.session().SerializeAsString());
}

// The rules cannot tell what its fields mean: everybody is hung up, the outcome says so, and no
// rule is asked again.
TEST(Upgrade, ASessionOfALaterLayoutEndsWithItsHangups) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  Session later = scenario.session();
  later.set_layout(kLayout + 1);
  internal::v1::Input input;
  *input.mutable_step_time() = base::ToTimestamp(scenario.now());
  input.mutable_timer_due();
  const internal::v1::Transition end = Step(later, input);
  EXPECT_TRUE(end.session().has_ended());
  EXPECT_EQ(end.session().outcome().result(), v1::Outcome::RESULT_FAILED);
  EXPECT_EQ(end.session().outcome().reason(), v1::END_REASON_INTERNAL);
  EXPECT_FALSE(end.has_wake_time());
  int hangups = 0;
  for (const internal::v1::Command& command : end.commands()) {
    hangups += command.has_hang_up_conference() || command.has_hang_up_call() ? 1 : 0;
  }
  EXPECT_GT(hangups, 0);
  const internal::v1::Transition next = Step(end.session(), input);
  EXPECT_NE(next.ignored_reason(), "");
  EXPECT_EQ(next.commands_size(), 0);
}

// A dial that has left is not taken back: the store would refuse that for ever.
TEST(Upgrade, ASessionOfALaterLayoutHearsFirstWhatHasLeft) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  Session later = scenario.session();
  later.set_layout(kLayout + 1);
  for (internal::v1::OpenCommand& open : *later.mutable_open_commands()) {
    open.set_status(internal::v1::Command::STATUS_PENDING);
  }
  ASSERT_GT(later.open_commands_size(), 0);
  const std::int32_t number = later.open_commands(0).command().number();
  internal::v1::Input taken;
  *taken.mutable_step_time() = base::ToTimestamp(scenario.now());
  taken.mutable_command_taken()->set_number(number);
  taken.mutable_command_taken()->set_attempt(later.open_commands(0).command().attempt());
  const internal::v1::Transition known = Step(later, taken);
  EXPECT_FALSE(known.session().has_outcome());
  internal::v1::Input due;
  *due.mutable_step_time() = base::ToTimestamp(scenario.now());
  due.mutable_timer_due();
  const internal::v1::Transition end = Step(known.session(), due);
  EXPECT_TRUE(end.session().has_ended());
  for (const std::int32_t cancelled : end.cancelled_commands()) EXPECT_NE(cancelled, number);
}

TEST(Upgrade, ALegThatJoinedInAnEarlierLayoutIsInTheConference) {
  Session session;
  Leg& caller = *session.add_legs();
  caller.set_leg_id("caller");
  caller.set_state(v1::Leg::STATE_JOINED);
  Leg& callee = *session.add_legs();
  callee.set_role(v1::Leg::ROLE_CALLEE);
  callee.set_state(v1::Leg::STATE_JOINED);
  callee.set_old_left(true);
  Upgrade(&session);
  EXPECT_EQ(session.legs(0).membership(), Leg::MEMBERSHIP_IN);
  EXPECT_EQ(session.legs(1).membership(), Leg::MEMBERSHIP_LEFT);
  EXPECT_EQ(session.legs(1).state(), v1::Leg::STATE_ANSWERED);
  EXPECT_EQ(session.legs(1).callee(), 1);
}

}  // namespace
}  // namespace callbridge::flow
