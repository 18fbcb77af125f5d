// Two calls for one dial, as a provider may show them (invariant 8): one counts, the
// other is hung up, and whichever is left the session goes on.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::Input;
using internal::v1::ProviderEvent;
using internal::v1::Timer;

// An event of a further call of the leg's dial.
Input TwinEvent(const Scenario& scenario, ProviderEvent::Type type, const std::string& leg_id) {
  Input input;
  ProviderEvent& event = *input.mutable_provider_event();
  event.set_type(type);
  event.set_call_id("call-twin");
  for (const auto& leg : scenario.session().legs()) {
    if (leg.leg_id() != leg_id) continue;
    for (const auto& [key, value] :
         {std::pair<std::string, std::string>("dial", absl::StrCat(leg.dial())),
          {"leg", leg_id},
          {"session", scenario.session().session_id()}}) {
      auto& entry = *event.mutable_call()->add_custom_data();
      entry.set_key(key);
      entry.set_value(value);
    }
  }
  return input;
}

TEST(TwoCallsForOneDial, TheSecondHasDeadlinesWhenTheFirstHasFailed) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_CALL_FAILED, "callee-1"));
  // The dial's answer names the other call.
  scenario.Play("done 6");
  ASSERT_EQ(scenario.session().legs_size(), 3);
  EXPECT_EQ(scenario.session().legs(2).leg_id(), "callee-2");
  EXPECT_TRUE(HasTimer(scenario.session(), Timer::KIND_RING_VERDICT));
  scenario.Play("wait 60s");
  EXPECT_FALSE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
}

TEST(TwoCallsForOneDial, ASecondCallOfTheCallerIsNoCallee) {
  Scenario scenario;
  PlayAll(scenario, {"start", "does 1", "does 2", "PARTICIPANT_JOINED caller", "does 3",
                     "SAY_FINISHED 3", "does 4", "does 5"});
  ASSERT_TRUE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
  const auto transition =
      scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_CALL_ESTABLISHED, "caller"));
  EXPECT_TRUE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
  const auto& twin = *scenario.session().legs().rbegin();
  EXPECT_EQ(twin.leg_id(), "caller-2");
  EXPECT_EQ(twin.role(), v1::Leg::ROLE_CALLER);
  ASSERT_EQ(transition.commands_size(), 1);
  EXPECT_EQ(transition.commands(0).hang_up_call().call_id(), "call-twin");
}

// Of two calls the one that is in the conference is the one that a person talks in, whichever was
// learned of first.
TEST(TwoCallsForOneDial, TheOneThatJoinsCounts) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_RINGING callee-1"});
  const auto transition =
      scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_PARTICIPANT_JOINED, "callee-1"));
  EXPECT_TRUE(scenario.session().has_stopping_music()) << PhaseName(scenario.session());
  EXPECT_TRUE(scenario.session().legs(1).unwanted());
  EXPECT_FALSE(scenario.session().legs(2).unwanted());
  bool hung_up = false;
  for (const auto& command : transition.commands()) {
    hung_up |= command.hang_up_call().call_id() == "call-callee-1";
  }
  EXPECT_TRUE(hung_up);
}

TEST(TwoCallsForOneDial, TheFirstOfTwoThatJoinCounts) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "PARTICIPANT_JOINED callee-1"});
  const auto transition =
      scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_PARTICIPANT_JOINED, "callee-1"));
  EXPECT_FALSE(scenario.session().legs(1).unwanted());
  EXPECT_TRUE(scenario.session().legs(2).unwanted());
  ASSERT_EQ(transition.commands_size(), 1);
  EXPECT_EQ(transition.commands(0).hang_up_call().call_id(), "call-twin");
}

// The second call joins, leaves and ends in its own way while the two talk.
TEST(TwoCallsForOneDial, TheSecondThatJoinsSaysNothingOfTheTalk) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "PARTICIPANT_JOINED callee-1"});
  scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_PARTICIPANT_JOINED, "callee-1"));
  PlayAll(scenario, {"PLAY_FINISHED 5", "does PlayPrompt", "sound-over", "wait 5s"});
  ASSERT_TRUE(scenario.session().has_connected()) << PhaseName(scenario.session());
  scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_PARTICIPANT_REMOVED, "callee-1"));
  Input over = TwinEvent(scenario, ProviderEvent::TYPE_CALL_FINISHED, "callee-1");
  over.mutable_provider_event()->mutable_call()->mutable_error()->set_name("NETWORK_ERROR");
  over.mutable_provider_event()->mutable_call()->set_hangup_source("PLATFORM");
  scenario.Step(over);
  ASSERT_EQ(scenario.session().legs(2).end().reason(), v1::END_REASON_UNREACHABLE);
  ASSERT_TRUE(scenario.session().has_connected()) << PhaseName(scenario.session());
  PlayAll(scenario, {"wait 20s", "CALL_FINISHED callee-1 NORMAL_HANGUP"});
  const v1::Outcome& outcome = scenario.session().outcome();
  EXPECT_EQ(outcome.result(), v1::Outcome::RESULT_COMPLETED);
  EXPECT_EQ(outcome.reason(), v1::END_REASON_HUNG_UP);
  EXPECT_EQ(outcome.ended_by(), v1::PARTY_CALLEE);
  EXPECT_EQ(outcome.provider_error().name(), "NORMAL_HANGUP");
  EXPECT_EQ(base::FromProtoDuration(outcome.talk_duration()), std::chrono::seconds(25));
}

TEST(TwoCallsForOneDial, TheSecondThatIsHungUpIsNotWhyTheCalleeWasNotReached) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_RINGING callee-1"});
  scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_CALL_RINGING, "callee-1"));
  ASSERT_TRUE(scenario.session().legs(2).unwanted());
  scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_CALL_FAILED, "callee-1"));
  ASSERT_EQ(scenario.session().legs(2).end().reason(), v1::END_REASON_NO_ANSWER);
  PlayAll(scenario, {"CALL_FAILED callee-1 REJECTED", "PLAY_FINISHED PlayMusic", "does PlayPrompt",
                     "sound-over"});
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(scenario.session().outcome().reason(), v1::END_REASON_DECLINED);
  EXPECT_EQ(scenario.session().outcome().ended_by(), v1::PARTY_CALLEE);
}

// The other one joins while it is being hung up, and the talk ends before the music does.
TEST(TwoCallsForOneDial, TheOneThatIsKeptIsToldAsConnected) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_RINGING callee-1"});
  scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_PARTICIPANT_JOINED, "callee-1"));
  PlayAll(scenario, {"wait 500ms", "PARTICIPANT_JOINED callee-1", "wait 500ms"});
  ASSERT_TRUE(scenario.session().has_stopping_music()) << PhaseName(scenario.session());
  const auto ended =
      scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_CALL_FINISHED, "callee-1"));
  std::string connected;
  for (const v1::SessionEvent& event : ended.events()) {
    if (event.has_parties_connected()) connected = event.parties_connected().callee_leg_id();
  }
  EXPECT_EQ(connected, "callee-2");
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_COMPLETED);
  EXPECT_EQ(base::FromProtoDuration(scenario.session().outcome().talk_duration()),
            std::chrono::seconds(1));
}

TEST(TwoCallsForOneDial, TheOneThatWasHungUpIsOverWhenTwoLooksDoNotFindIt) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_RINGING callee-1"});
  scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_CALL_RINGING, "callee-1"));
  PlayAll(scenario, {"sends 7", "refused 7 404", "does 8", "wait 5s"});
  std::string look;
  for (const auto& open : scenario.session().open_commands()) {
    if (open.command().look_at_call().call_id() == "call-twin") {
      look = absl::StrCat(open.command().number());
    }
  }
  ASSERT_FALSE(look.empty());
  EXPECT_FALSE(scenario.session().legs(2).has_end());
  scenario.Play("does " + look);
  ASSERT_TRUE(scenario.session().legs(2).has_end());
  EXPECT_EQ(scenario.session().legs(2).end().reason(), v1::END_REASON_NO_ANSWER);
  EXPECT_EQ(scenario.session().legs(2).end().ended_by(), v1::PARTY_DEADLINE);
  EXPECT_TRUE(scenario.session().legs(2).end().inferred());
  EXPECT_TRUE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
}

TEST(TwoCallsForOneDial, OneThatIsSeenAfterTheEndIsPursuedForABoundedTime) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "end", "does 7", "CALL_FINISHED caller", "CALL_FINISHED callee-1",
                     "wait 100s", "does 8", "wait 100s"});
  ASSERT_TRUE(scenario.session().has_ended()) << PhaseName(scenario.session());
  scenario.Play("wait 60000s");
  ASSERT_EQ(scenario.session().timers_size(), 0);
  scenario.Step(TwinEvent(scenario, ProviderEvent::TYPE_CALL_RINGING, "callee-1"));
  EXPECT_TRUE(HasTimer(scenario.session(), Timer::KIND_HANGUP));
  EXPECT_TRUE(HasTimer(scenario.session(), Timer::KIND_PURSUIT_END));
}

}  // namespace
}  // namespace callbridge::flow
