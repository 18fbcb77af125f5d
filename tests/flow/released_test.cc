// What waits behind a command whose answer is long in coming: as soon as something else tells what
// the command did, it may leave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/flow/samples.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::Command;
using internal::v1::Input;
using internal::v1::Lane;
using internal::v1::ProviderEvent;
using internal::v1::Transition;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// An event of this type about the leg's call, as Scenario makes it.
Transition StepEvent(Scenario& scenario, ProviderEvent::Type type, const std::string& leg_id) {
  Input input = WebhookOf(scenario, type, leg_id);
  if (type == ProviderEvent::TYPE_ERROR) input.mutable_provider_event()->set_action_type("SAY");
  return scenario.Step(input);
}

// The command is done.
Transition Result(Scenario& scenario, std::int32_t number) {
  Input input;
  input.mutable_command_result()->set_number(number);
  input.mutable_command_result()->set_attempt(1);
  input.mutable_command_result()->set_verdict(internal::v1::CommandResult::VERDICT_DONE);
  return scenario.Step(input);
}

std::vector<int> OpenStops(const Scenario& scenario) {
  std::vector<int> stops;
  for (const auto& open : scenario.session().open_commands()) {
    if (open.command().has_stop_play()) stops.push_back(open.command().number());
  }
  return stops;
}

TEST(Released, TheAnswerOnceTheCallIsEstablishedAndTheConferenceKnown) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "sends 1", "does 2"});
  const Transition established =
      StepEvent(scenario, ProviderEvent::TYPE_CALL_ESTABLISHED, "caller");
  EXPECT_THAT(established.released_commands(), ElementsAre(1));
  ASSERT_EQ(established.commands_size(), 1);
  EXPECT_TRUE(established.commands(0).has_add_caller());
  // Its answer is settled like any other.
  scenario.Play("done 1");
  EXPECT_TRUE(scenario.session().has_joining_caller()) << PhaseName(scenario.session());
}

TEST(Released, TheCreationOnceItsConferenceIsKnown) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "sends 2"});
  Input created;
  created.mutable_provider_event()->set_type(ProviderEvent::TYPE_CONFERENCE_CREATED);
  created.mutable_provider_event()->set_conference_id("conference-1");
  created.mutable_provider_event()->mutable_conference()->set_name("test/" +
                                                                   scenario.session().session_id());
  EXPECT_THAT(scenario.Step(created).released_commands(), ElementsAre(2));
}

TEST(Released, TheWayIntoTheConferenceOnceTheCallerIsThere) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "sends 3"});
  const Transition joined = StepEvent(scenario, ProviderEvent::TYPE_PARTICIPANT_JOINED, "caller");
  EXPECT_THAT(joined.released_commands(), ElementsAre(3));
  ASSERT_EQ(joined.commands_size(), 1);
  EXPECT_TRUE(joined.commands(0).has_play_prompt());
  // Once only, and nothing that is not in flight.
  EXPECT_THAT(
      StepEvent(scenario, ProviderEvent::TYPE_PARTICIPANT_JOINED, "caller").released_commands(),
      IsEmpty());
}

TEST(Released, ADialOnceItsCallShowsItself) {
  Scenario scenario;
  PlayAll(scenario, {"start", "does 1", "sends 2"});
  EXPECT_THAT(StepEvent(scenario, ProviderEvent::TYPE_CALL_RINGING, "caller").released_commands(),
              ElementsAre(2));
}

TEST(Released, ASoundOnceItsEndIsTold) {
  for (const ProviderEvent::Type type :
       {ProviderEvent::TYPE_SAY_FINISHED, ProviderEvent::TYPE_ERROR}) {
    Scenario scenario;
    PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                       "sends 4"});
    EXPECT_THAT(StepEvent(scenario, type, "caller").released_commands(), ElementsAre(4));
    EXPECT_TRUE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
  }
}

TEST(Released, NothingThatNothingWasHeardOf) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3"});
  EXPECT_THAT(
      StepEvent(scenario, ProviderEvent::TYPE_PARTICIPANT_JOINED, "caller").released_commands(),
      IsEmpty())
      << "its answer is here";
}

// The callee is busy while the play's answer is out: the music may begin yet, and the stop that
// follows its answer must not end the apology.
class LatePlay : public testing::Test {
 protected:
  LatePlay() {
    PlayAll(scenario_, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                        "does 4", "sound-over", "sends 5", "does 6", "CALL_FAILED callee-1 BUSY",
                        "does 7", "wait 500ms", "does 8", "wait 500ms", "does 9", "wait 500ms"});
  }

  const Lane& lane() const { return CallersLane(scenario_.session()); }

  Scenario scenario_;
};

TEST_F(LatePlay, HoldsTheApologyUntilItsStopIsAnswered) {
  EXPECT_TRUE(scenario_.session().has_apologizing()) << PhaseName(scenario_.session());
  EXPECT_EQ(lane().state(), Lane::STATE_HELD);
  scenario_.Play("wait 1s");
  EXPECT_EQ(lane().state(), Lane::STATE_HELD) << "the play is still out";
  scenario_.Play("done 5");
  EXPECT_THAT(OpenStops(scenario_), ElementsAre(10));
  EXPECT_EQ(lane().state(), Lane::STATE_HELD);
  scenario_.Play("does 10");
  EXPECT_EQ(lane().state(), Lane::STATE_STARTING);
  EXPECT_EQ(lane().command(), 11);
}

TEST_F(LatePlay, HoldsItNoLongerThanHalfASecondForTheStop) {
  PlayAll(scenario_, {"done 5", "sends 10", "wait 499ms"});
  EXPECT_EQ(lane().state(), Lane::STATE_HELD);
  scenario_.Play("wait 1ms");
  EXPECT_EQ(lane().state(), Lane::STATE_STARTING);
}

TEST_F(LatePlay, HoldsItNoLongerIfThePlayDidNothing) {
  for (const char* result : {"not-sent 5", "throttled 5", "refused 5 400"}) {
    Scenario scenario = scenario_;
    scenario.Play(result);
    EXPECT_EQ(CallersLane(scenario.session()).state(), Lane::STATE_STARTING) << result;
    EXPECT_THAT(OpenStops(scenario), IsEmpty()) << result;
  }
}

// Nothing but hangups and looks leaves after the outcome.
TEST_F(LatePlay, IsNoLongerStoppedOnceTheOutcomeIsDecided) {
  for (const char* end : {"end", "CALL_FINISHED caller NORMAL_HANGUP"}) {
    Scenario ended = scenario_;
    ended.Play(end);
    ASSERT_TRUE(ended.session().has_ending());
    const Transition late = Result(ended, 5);
    for (const Command& command : late.commands()) EXPECT_FALSE(command.has_stop_play());
  }
}

// The music would go on while the two talk.
TEST_F(LatePlay, IsStoppedAlsoIfTheHeldSoundIsGivenUp) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4",
           "sound-over", "sends 5", "does 6", "CALL_RINGING callee-1", "wait 50s"});
  ASSERT_TRUE(scenario.session().has_apologizing()) << PhaseName(scenario.session());
  scenario.Play("wait 7s");
  ASSERT_EQ(CallersLane(scenario.session()).state(), Lane::STATE_HELD);
  PlayAll(scenario, {"done 5"});
  const std::vector<int> stops = OpenStops(scenario);
  ASSERT_FALSE(stops.empty());
  scenario.Play("PARTICIPANT_JOINED callee-1");
  EXPECT_EQ(OpenStops(scenario), stops);
  EXPECT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
  EXPECT_EQ(CallersLane(scenario.session()).state(), Lane::STATE_HELD);
}

// Two stops of the music are out when its end is told: one has left, the other has not.
TEST(Stops, ThatHaveNotLeftAreAllTakenBackAndTheOthersAreWaitedFor) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                     "does 4", "sound-over", "sends 5", "does 6", "CALL_ESTABLISHED callee-1",
                     "sends 7", "done 5", "PARTICIPANT_JOINED callee-1"});
  EXPECT_THAT(OpenStops(scenario), ElementsAre(7, 8));
  scenario.Play("PLAY_FINISHED 5");
  EXPECT_THAT(OpenStops(scenario), ElementsAre(7));
  ASSERT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
  EXPECT_EQ(CallersLane(scenario.session()).state(), Lane::STATE_HELD);
  scenario.Play("done 7");
  EXPECT_EQ(CallersLane(scenario.session()).state(), Lane::STATE_STARTING);
  EXPECT_EQ(CallersLane(scenario.session()).command(), 9);
}

TEST(Stops, ThatHaveBothNotLeftAreBothTakenBack) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                     "does 4", "sound-over", "sends 5", "does 6", "CALL_ESTABLISHED callee-1",
                     "done 5", "PARTICIPANT_JOINED callee-1"});
  EXPECT_THAT(OpenStops(scenario), ElementsAre(7, 8));
  scenario.Play("PLAY_FINISHED 5");
  EXPECT_THAT(OpenStops(scenario), IsEmpty());
  EXPECT_EQ(CallersLane(scenario.session()).state(), Lane::STATE_STARTING);
}

TEST(SendRinging, IsTakenBackWhenTheBridgeIsStarted) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call offer"});
  Input input;
  *input.mutable_start_bridge() = ClickToCall();
  input.mutable_start_bridge()->clear_caller();
  const Transition started = scenario.Step(input);
  EXPECT_THAT(started.cancelled_commands(), ElementsAre(1));
}

// docs/provider.md §1.4: 404 is a call that is gone.
TEST(SendRinging, IsAWitnessWhenItIsRefused) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call offer", "sends 1", "refused 1 404"});
  ASSERT_EQ(scenario.session().open_commands_size(), 1);
  EXPECT_TRUE(scenario.session().open_commands(0).command().has_look_at_call());
  PlayAll(scenario, {"does 2 ENDED"});
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_CALLER_ABANDONED);
}

TEST(Offer, OfAStaleCallIsLookedAtAndIsNotAnsweredBefore) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call offer stale", "start"});
  for (const auto& open : scenario.session().open_commands()) {
    EXPECT_FALSE(open.command().has_answer_call());
  }
  scenario.Play("does 2 RINGING");
  int answers = 0;
  for (const auto& open : scenario.session().open_commands()) {
    answers += open.command().has_answer_call() ? 1 : 0;
  }
  EXPECT_EQ(answers, 1);
}

TEST(Offer, OfACallThatIsLongOverEndsWithItsLook) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call offer stale", "does 2 ENDED"});
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_CALLER_ABANDONED);
}

}  // namespace
}  // namespace callbridge::flow
