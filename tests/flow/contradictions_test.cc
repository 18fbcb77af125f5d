// Answers and events that contradict each other or say less than usual: another call than the one
// that was seen, a conference that is over or none of ours, a caller who called no number. What is
// alive is never forgotten, and nobody else's is touched.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/flow/samples.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::CommandResult;
using internal::v1::ConferenceFacts;
using internal::v1::IncomingCall;
using internal::v1::Input;
using internal::v1::ParticipantFacts;
using internal::v1::Transition;

Input DoneInput(std::int32_t number) {
  Input input;
  CommandResult& result = *input.mutable_command_result();
  result.set_number(number);
  result.set_attempt(1);
  result.set_verdict(CommandResult::VERDICT_DONE);
  result.set_http_status(200);
  result.set_complete(true);
  return input;
}

// The marks of our dials are echoed in its answer as a rule; without them it is still the answer to
// that dial.
TEST(DialAnswer, OfAnotherCallThanTheOneSeenRevealsASecondCall) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  scenario.Play("CALL_RINGING callee-1");
  Input answer = DoneInput(6);
  answer.mutable_command_result()->add_calls()->set_call_id("call-twin");
  const Transition told = scenario.Step(answer);
  ASSERT_EQ(scenario.session().legs_size(), 3);
  EXPECT_EQ(scenario.session().legs(2).call_id(), "call-twin");
  ASSERT_EQ(told.commands_size(), 1);
  EXPECT_EQ(told.commands(0).hang_up_call().call_id(), "call-twin");
  EXPECT_TRUE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
}

TEST(DialAnswer, WithoutACallLeavesTheLegToItsEvents) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  Input answer = DoneInput(6);
  answer.mutable_command_result()->add_calls();
  scenario.Step(answer);
  ASSERT_EQ(scenario.session().legs_size(), 2);
  scenario.Play("CALL_RINGING callee-1");
  EXPECT_EQ(scenario.session().legs(1).call_id(), "call-callee-1");
}

TEST(SecondConference, ThatIsOverIsNotHungUp) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2"});
  Input created;
  auto& event = *created.mutable_provider_event();
  event.set_type(internal::v1::ProviderEvent::TYPE_CONFERENCE_CREATED);
  event.set_conference_id("another-conference");
  event.mutable_conference()->set_name("test/" + scenario.session().session_id());
  event.mutable_conference()->set_finished(true);
  EXPECT_EQ(scenario.Step(created).commands_size(), 0);
  EXPECT_EQ(scenario.session().conference().surplus_ids_size(), 0);
  event.mutable_conference()->set_finished(false);
  const Transition open = scenario.Step(created);
  ASSERT_EQ(open.commands_size(), 1);
  EXPECT_EQ(open.commands(0).hang_up_conference().conference_id(), "another-conference");
}

TEST(AddCaller, BelievesNoAnswerAboutAnotherConference) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "CALL_ESTABLISHED caller", "does 2", "sends 3"});
  Input done = DoneInput(3);
  ConferenceFacts& conference = *done.mutable_command_result()->add_conferences();
  conference.set_conference_id("another-conference");
  ParticipantFacts& participant = *conference.add_participants();
  participant.set_call_id("call-caller");
  participant.set_state(ParticipantFacts::STATE_JOINED);
  scenario.Step(done);
  EXPECT_TRUE(scenario.session().has_joining_caller()) << PhaseName(scenario.session());
  scenario.Play("PARTICIPANT_JOINED caller");
  EXPECT_TRUE(scenario.session().has_greeting()) << PhaseName(scenario.session());
}

TEST(IncomingCall, ThatCalledNoNumberShowsTheCalleeTheDefaultOne) {
  Scenario scenario;
  Input incoming;
  *incoming.mutable_incoming_call() = RoutedCall();
  incoming.mutable_incoming_call()->set_arrangement(IncomingCall::ARRANGEMENT_OFFER);
  incoming.mutable_incoming_call()->mutable_event()->mutable_call()->clear_to();
  scenario.Step(incoming);
  EXPECT_EQ(scenario.session().legs(0).service_number(), "");
  Input start;
  *start.mutable_start_bridge() = ClickToCall();
  start.mutable_start_bridge()->clear_caller();
  start.mutable_start_bridge()->mutable_callees(0)->clear_caller_id_number();
  start.mutable_start_bridge()->set_default_number("+442079460002");
  scenario.Step(start);
  EXPECT_EQ(scenario.session().callees(0).caller_id_number(), "+442079460002");
}

// The API refuses such a request; were it to come through, it would not lose the call to a second
// one.
TEST(Offer, ThatWasTakenByARequestWithoutAnIdIsTaken) {
  Scenario scenario;
  scenario.Play("incoming-call offer");
  Input start;
  *start.mutable_start_bridge() = ClickToCall();
  start.mutable_start_bridge()->clear_request_id();
  scenario.Step(start);
  ASSERT_TRUE(scenario.session().has_answering_caller()) << PhaseName(scenario.session());
  EXPECT_EQ(scenario.Step(start).reply().error(), v1::ERROR_REASON_OFFER_TAKEN);
}

TEST(MaximumDuration, ThatIsShorterThanTheAnnouncementEndsTheTalkWithinIt) {
  Scenario scenario;
  Input incoming;
  *incoming.mutable_incoming_call() = RoutedCall();
  *incoming.mutable_incoming_call()->mutable_plan()->mutable_max_duration() =
      base::ToProtoDuration(std::chrono::seconds(3));
  scenario.Step(incoming);
  PlayAll(scenario, {"does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4",
                     "SAY_FINISHED 4", "does 5", "does 6", "PARTICIPANT_JOINED callee-1", "does 7",
                     "PLAY_FINISHED 5", "does 8", "wait 2s"});
  ASSERT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
  scenario.Play("wait 1s");
  ASSERT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_COMPLETED);
  EXPECT_EQ(scenario.session().outcome().reason(), v1::END_REASON_MAX_DURATION);
}

// Two looks prove an absence only if nothing was seen of the call between them.
TEST(Absence, IsBeliedByAParticipant) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_RINGING callee-1", "missing caller", "does LookAtCaller",
                     "wait 1s", "PARTICIPANT_JOINED caller", "wait 4s", "does LookAtCaller"});
  EXPECT_FALSE(scenario.session().legs(0).has_end());
  EXPECT_TRUE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
}

TEST(Absence, IsNotBeliedByAParticipantWhoLeft) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "PARTICIPANT_JOINED callee-1", "missing callee-1",
                     "does LookAtCallee", "PARTICIPANT_REMOVED callee-1", "wait 5s"});
  EXPECT_FALSE(scenario.session().legs(1).has_end());
  scenario.Play("does LookAtCallee");
  EXPECT_TRUE(scenario.session().legs(1).has_end());
}

}  // namespace
}  // namespace callbridge::flow
