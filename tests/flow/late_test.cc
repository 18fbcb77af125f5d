// Nothing leaves after its time: what waited while the service was away is looked at again, or is
// never sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/flow/describe.h"
#include "tests/flow/samples.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Transition;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

Input Resumed() {
  Input input;
  input.mutable_worker_resumed();
  return input;
}

Input Expired(int number, int attempt = 1) {
  Input input;
  input.mutable_command_result()->set_number(number);
  input.mutable_command_result()->set_attempt(attempt);
  input.mutable_command_result()->set_verdict(CommandResult::VERDICT_EXPIRED);
  return input;
}

// Two outgoing calls, not before this long.
Input Start(const Scenario& scenario, base::Duration start_before) {
  Input input;
  *input.mutable_start_bridge() = ClickToCall();
  *input.mutable_start_bridge()->mutable_start_before_time() =
      base::ToTimestamp(scenario.now() + start_before);
  return input;
}

// The one command of this kind. Fails the test if there is none.
Command Only(const Transition& transition, Command::ActionCase action) {
  for (const Command& command : transition.commands()) {
    if (command.action_case() == action) return command;
  }
  ADD_FAILURE() << "no such command: " << transition.ShortDebugString();
  return {};
}

bool Dials(const Transition& transition) {
  for (const Command& command : transition.commands()) {
    if (command.has_dial_leg()) return true;
  }
  return false;
}

void ExpectNotInTime(const Scenario& scenario) {
  ASSERT_TRUE(scenario.session().has_outcome());
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_FAILED);
  EXPECT_EQ(scenario.session().outcome().reason(), v1::END_REASON_TOO_LATE);
}

// A caller who was greeted; the dial of the callee, command 6, waits for its turn.
void PlayUntilTheDialWaits(Scenario& scenario) {
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                     "does 4", "SAY_FINISHED 4", "does 5"});
  ASSERT_EQ(PhaseName(scenario.session()), "DialingCallee");
}

TEST(Late, ADialThatWaitedWhileTheServiceWasAwayIsHeldUntilTheCallerIsSeen) {
  Scenario scenario;
  PlayUntilTheDialWaits(scenario);
  scenario.PassAway(seconds(5));
  const Transition held = scenario.Step(Resumed());
  ASSERT_EQ(held.cancelled_commands_size(), 1);
  EXPECT_EQ(held.cancelled_commands(0), 6);
  EXPECT_EQ(Only(held, Command::kLookAtCall).leg_id(), "caller");
  EXPECT_FALSE(Dials(held));
  EXPECT_THAT(scenario.Play("does 7 ESTABLISHED"), HasSubstr("command DialCallee"));
}

// A leg that was never sent is removed. The next one must not get a name that is taken.
TEST(Late, NoTwoLegsHaveOneNameHoweverOftenADialIsHeld) {
  Scenario scenario;
  PlayUntilTheDialWaits(scenario);
  PlayAll(scenario, {"sends 6", "throttled 6"});
  scenario.PassAway(seconds(3));
  scenario.Step(Resumed());
  scenario.Play("does 7 ESTABLISHED");
  // The attempt that was denied has made a call after all.
  Input ringing = WebhookOf(scenario, internal::v1::ProviderEvent::TYPE_CALL_RINGING, "callee-1");
  ringing.mutable_provider_event()->set_call_id("call-denied");
  scenario.Step(ringing);
  scenario.PassAway(seconds(3));
  scenario.Step(Resumed());
  scenario.Play("does LookAtCaller ESTABLISHED");
  std::set<std::string> names;
  for (const auto& leg : scenario.session().legs()) names.insert(leg.leg_id());
  EXPECT_EQ(names.size(), static_cast<std::size_t>(scenario.session().legs_size()))
      << scenario.account();
  EXPECT_EQ(names.size(), 4U) << scenario.account();
}

// The answer was in the socket while the process stood still.
TEST(Late, ALookThatWasAskedBeforeThePauseReleasesNoDial) {
  Scenario scenario;
  PlayUntilTheDialWaits(scenario);
  PlayAll(scenario, {"missing caller", "sends 7"});
  scenario.PassAway(seconds(5));
  scenario.Step(Resumed());
  EXPECT_THAT(scenario.Play("done 7 ESTABLISHED"), Not(HasSubstr("DialCallee")));
  EXPECT_TRUE(scenario.session().dialing_callee().has_held_dial());
  EXPECT_THAT(scenario.Play("wait 3s"), HasSubstr("command LookAtCaller"));
  EXPECT_THAT(scenario.Play("does LookAtCaller ESTABLISHED"), HasSubstr("command DialCallee"));
}

TEST(Late, ADialThatWasHeldKeepsItsLastMomentAndItsRing) {
  Scenario scenario;
  PlayUntilTheDialWaits(scenario);
  const Command before = scenario.session().open_commands(0).command();
  ASSERT_TRUE(before.has_dial_leg());
  scenario.PassAway(seconds(5));
  scenario.Step(Resumed());
  scenario.Play("does 7 ESTABLISHED");
  const auto& open = scenario.session().open_commands();
  ASSERT_EQ(open.size(), 1);
  Command expected = before;
  expected.set_number(8);
  expected.set_dial(8);
  EXPECT_EQ(open[0].command().ShortDebugString(), expected.ShortDebugString());
}

TEST(Late, NobodyIsDialledForACallerWhoHasGoneMeanwhile) {
  Scenario scenario;
  PlayUntilTheDialWaits(scenario);
  scenario.PassAway(seconds(5));
  scenario.Step(Resumed());
  EXPECT_THAT(scenario.Play("does 7 ENDED NORMAL_HANGUP"), Not(HasSubstr("DialCallee")));
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_CALLER_ABANDONED);
}

TEST(Late, ALookThatFailsIsAskedAgainUntilTheDialsTimeIsOver) {
  Scenario scenario;
  PlayUntilTheDialWaits(scenario);
  scenario.PassAway(seconds(5));
  scenario.Step(Resumed());
  scenario.Play("sends 7");
  scenario.Play("unknown 7");
  EXPECT_THAT(scenario.Play("wait 2s"), HasSubstr("command LookAtCaller"));
  scenario.Play("sends 8");
  scenario.Play("unknown 8");
  const std::string rest = scenario.Play("wait 13s");
  EXPECT_THAT(rest, Not(HasSubstr("DialCallee")));
  EXPECT_THAT(rest, HasSubstr("phase Apologizing"));
  EXPECT_EQ(scenario.session().apologizing().reason(), v1::END_REASON_TOO_LATE);
}

TEST(Late, ADialWhoseTimeIsOverIsNotMadeForACallerWhoIsStillThere) {
  Scenario scenario;
  PlayUntilTheDialWaits(scenario);
  scenario.PassAway(minutes(5));
  scenario.Step(Resumed());
  EXPECT_THAT(scenario.Play("does 7 ESTABLISHED"), Not(HasSubstr("DialCallee")));
  scenario.Play("wait 1s");
  EXPECT_EQ(PhaseName(scenario.session()), "Apologizing");
  EXPECT_EQ(scenario.session().apologizing().reason(), v1::END_REASON_TOO_LATE);
}

TEST(Late, WhatHasLeftIsNotHeld) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  const Transition transition = scenario.Step(Resumed());
  EXPECT_EQ(transition.ignored_reason(), "no callee's dial waits");
  EXPECT_EQ(transition.commands_size() + transition.cancelled_commands_size(), 0);
}

// Of both dials, before and after an attempt that did nothing: the timer and the ledger know one
// moment.
TEST(Late, ADialLeavesWithinItsTimeWhateverWasTriedBefore) {
  for (const base::Duration start_before : {seconds(4), seconds(300)}) {
    Scenario scenario;
    const base::Time start = scenario.now();
    scenario.Step(Start(scenario, start_before));
    scenario.PassAway(seconds(1));
    scenario.Play("does 1");
    const base::Time last = std::min<base::Time>(start + start_before, start + seconds(21));
    Command dial = scenario.session().open_commands(0).command();
    EXPECT_EQ(base::FromTimestamp(dial.not_after_time()), last);
    scenario.Play("sends 2");
    scenario.Play("throttled 2 2s");
    dial = scenario.session().open_commands(0).command();
    EXPECT_EQ(dial.attempt(), 2);
    EXPECT_EQ(base::FromTimestamp(dial.not_after_time()), last);
    scenario.PassAway(last - scenario.now() - std::chrono::milliseconds(1));
    EXPECT_THAT(scenario.Play("wait 1ms"), HasSubstr("DeadlinePassed the dial's turn"));
    EXPECT_EQ(scenario.session().outcome().reason(), v1::END_REASON_PROVIDER_THROTTLED);
  }
}

TEST(Late, TheCallerIsNotDialledWhenTheConferenceComesAfterStartBeforeTime) {
  Scenario scenario;
  scenario.Step(Start(scenario, seconds(2)));
  scenario.Play("sends 1");
  scenario.PassAway(seconds(5));
  EXPECT_THAT(scenario.Play("done 1"), Not(HasSubstr("DialCaller")));
  ExpectNotInTime(scenario);
}

TEST(Late, StartBeforeTimeEndsTheWaitForTheConference) {
  Scenario scenario;
  scenario.Step(Start(scenario, seconds(2)));
  scenario.Play("sends 1");
  EXPECT_THAT(scenario.Play("wait 2s"), HasSubstr("after 2000ms"));
  ExpectNotInTime(scenario);
}

TEST(Late, ARequestThatWaitedBeyondStartBeforeTimeMakesNothing) {
  Scenario scenario;
  const Input start = Start(scenario, seconds(2));
  scenario.PassAway(minutes(1));
  const Transition transition = scenario.Step(start);
  EXPECT_FALSE(Dials(transition));
  EXPECT_EQ(transition.commands_size(), transition.cancelled_commands_size())
      << "what was issued was taken back";
  ExpectNotInTime(scenario);
}

TEST(Late, AConferenceThatExpiredEndsTheBridgeThatNeedsIt) {
  Scenario scenario;
  const base::Time start = scenario.now();
  const Transition begun = scenario.Step(Start(scenario, seconds(2)));
  EXPECT_EQ(base::FromTimestamp(Only(begun, Command::kCreateConference).not_after_time()),
            start + seconds(2));
  scenario.Step(Expired(1));
  ExpectNotInTime(scenario);
}

TEST(Late, ADialThatExpiredEndsTheBridge) {
  Scenario click;
  click.Step(Start(click, seconds(30)));
  click.Play("does 1");
  click.Step(Expired(2));
  ExpectNotInTime(click);
  Scenario incoming;
  PlayUntilTheDialWaits(incoming);
  incoming.Step(Expired(6));
  EXPECT_EQ(PhaseName(incoming.session()), "Apologizing");
  EXPECT_EQ(incoming.session().apologizing().reason(), v1::END_REASON_TOO_LATE);
}

TEST(Late, OnlyWhatWaitsExpires) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  for (const auto& [number, attempt] : {std::pair(6, 1), std::pair(6, 2), std::pair(99, 1)}) {
    EXPECT_EQ(scenario.Step(Expired(number, attempt)).ignored_reason(),
              "no such attempt is pending");
  }
}

TEST(Late, AnOfferIsGoneWhenItsTimeIsOverThoughNoTimerHasFired) {
  Scenario scenario;
  scenario.Play("incoming-call offer");
  const base::Time expires = base::FromTimestamp(scenario.session().offered().expire_time());
  EXPECT_EQ(base::FromTimestamp(scenario.session().open_commands(0).command().not_after_time()),
            expires);
  scenario.PassAway(expires - scenario.now());
  EXPECT_THAT(scenario.Play("start"), HasSubstr("reply ERROR_REASON_OFFER_GONE"));
  EXPECT_EQ(scenario.session().outcome().reason(), v1::END_REASON_OFFER_EXPIRED);
}

TEST(Late, AnOfferIsThereUntilItsLastMoment) {
  Scenario scenario;
  scenario.Play("incoming-call offer");
  const base::Time expires = base::FromTimestamp(scenario.session().offered().expire_time());
  scenario.PassAway(expires - scenario.now() - std::chrono::nanoseconds(1));
  EXPECT_THAT(scenario.Play("start"), HasSubstr("phase AnsweringCaller"));
}

TEST(Late, ARingingThatExpiredChangesNothing) {
  Scenario scenario;
  scenario.Play("incoming-call offer");
  scenario.Step(Expired(1));
  EXPECT_EQ(PhaseName(scenario.session()), "Offered");
}

}  // namespace
}  // namespace callbridge::flow
