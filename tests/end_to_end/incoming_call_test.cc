// The mission: a person calls, is greeted, hears music while the other is called, and both talk or
// the caller is told why not.
#include <gmock/gmock.h>

#include "tests/end_to_end/end_to_end.h"

namespace callbridge::end_to_end {
namespace {

using testing::Contains;
using testing::Not;
using testing::StartsWith;
using Lines = std::vector<std::string>;

std::string Says(const std::string& text) { return "hears say \"" + text + "\""; }
std::string Plays() { return std::string("hears play URL ") + kMusicUrl; }

class IncomingCall : public EndToEnd {};

TEST_F(IncomingCall, IsConnectedWhenTheCalleeAnswers) {
  Boot();
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "prompt_finished ANNOUNCEMENT");
  provider().HangUp(call);
  const Reading reading = ToEnd(session);

  EXPECT_THAT(
      reading.Story(),
      HasInOrder(Lines{
          "session_started", "leg_dialing caller", "leg_answered caller", "leg_joined caller",
          "prompt_started GREETING", "prompt_finished GREETING FULL", "leg_dialing callee-1",
          "leg_ringing callee-1", "leg_answered callee-1", "music_stopped", "parties_connected",
          "prompt_started ANNOUNCEMENT", "prompt_finished ANNOUNCEMENT FULL",
          "leg_ended caller HUNG_UP", "session_ending COMPLETED HUNG_UP",
          "leg_ended callee-1 OTHER_PARTY_LEFT", "session_ended COMPLETED HUNG_UP"}));
  EXPECT_THAT(reading.Story(), HasInOrder(Lines{"prompt_finished GREETING", "music_started",
                                                "leg_answered callee-1", "music_stopped"}));
  EXPECT_EQ(reading.Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  EXPECT_EQ(reading.Outcome().ended_by(), v1::PARTY_CALLER);
  EXPECT_GT(reading.Outcome().talk_duration().nanos() + reading.Outcome().talk_duration().seconds(),
            0);

  system().ExpectNothingLeft();
  const SimulatorState state = provider().State();
  EXPECT_EQ(state.overlaps, 0);
  EXPECT_EQ(state.webhooks.refused + state.webhooks.failed, 0);
  EXPECT_THAT(state.Call(call).timeline,
              HasInOrder(Lines{"calls", "is answered", "joins the conference", Says(kGreeting),
                               "say ended", Plays(), "stop-play", "play ended", Says(kAnnouncement),
                               "say ended", "ends: NORMAL_HANGUP"}));
  EXPECT_THAT(state.Call(call).timeline, Not(Contains(StartsWith(Says(kApology)))));
  const auto callees = state.CallsTo(std::string(kCallee).substr(1));
  ASSERT_EQ(callees.size(), 1U);
  EXPECT_THAT(callees[0].timeline,
              HasInOrder(Lines{"is dialled", "rings", "answers", "joins the conference", "ends"}));
  EXPECT_THAT(callees[0].timeline, Not(Contains(StartsWith("hears"))));
}

TEST_F(IncomingCall, HearsTheApologyWhenNobodyAnswers) {
  Boot();
  const std::string call = provider().StartCall(kCaller, kUnansweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  const Reading reading = ToEnd(session);

  EXPECT_THAT(
      reading.Story(),
      HasInOrder(Lines{"session_started", "leg_joined caller", "prompt_started GREETING",
                       "prompt_finished GREETING FULL", "leg_ringing callee-1",
                       "leg_ended callee-1 NO_ANSWER", "prompt_started APOLOGY",
                       "prompt_finished APOLOGY FULL", "session_ending CALLEE_UNREACHED NO_ANSWER",
                       "leg_ended caller", "session_ended CALLEE_UNREACHED NO_ANSWER"}));
  EXPECT_THAT(reading.Story(), Not(Contains("parties_connected")));
  system().ExpectNothingLeft();
  const SimulatorState state = provider().State();
  EXPECT_EQ(state.overlaps, 0);
  EXPECT_THAT(state.Call(call).timeline,
              HasInOrder(Lines{"is answered", Says(kGreeting), "say ended", Plays(), "stop-play",
                               "play ended", Says(kApology), "say ended", "ends"}));
  EXPECT_EQ(state.Call(call).hangup_source, "API");
}

TEST_F(IncomingCall, HearsTheApologyWhenTheCalleeIsBusy) {
  Boot();
  const std::string call = provider().StartCall(kCaller, kBusyDid);
  const Reading reading = ToEnd(system().AwaitSessionOf(call).session_id());
  EXPECT_EQ(reading.Outcome().result(), v1::Outcome::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(reading.Outcome().reason(), v1::END_REASON_BUSY);
  EXPECT_EQ(reading.Outcome().provider_error().name(), "BUSY");
  system().ExpectNothingLeft();
}

TEST_F(IncomingCall, TakesTheCalleeWithItWhenTheCallerHangsUpWhileItRings) {
  Boot();
  provider().SetPeople({{kCallee, "answers:100"}});
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "leg_ringing callee-1");
  provider().HangUp(call);
  const Reading reading = ToEnd(session);
  EXPECT_EQ(reading.Outcome().result(), v1::Outcome::RESULT_CALLER_ABANDONED);
  system().ExpectNothingLeft();
  EXPECT_EQ(provider().State().CallsTo(std::string(kCallee).substr(1)).size(), 1U);
}

TEST_F(IncomingCall, IsLeftAloneWithoutARoute) {
  Boot();
  const std::string stranger = provider().StartCall(kCaller, kUnroutedDid, 20);
  const std::string known = provider().StartCall(kCaller, kUnansweredDid);
  ToEnd(system().AwaitSessionOf(known).session_id());
  system().ExpectNothingLeft();
  EXPECT_THAT(provider().State().Call(stranger).timeline,
              testing::ElementsAre("calls", StartsWith("ends: CANCELLED by ENDPOINT")));
}

// The server takes the webhooks itself, and its API is on a port.
TEST_F(IncomingCall, IsConnectedWithTheIngressInTheServer) {
  SystemOptions options;
  options.in_server_ingress = true;
  options.api_on_port = true;
  Boot(options);
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "prompt_finished ANNOUNCEMENT");
  provider().HangUp(call);
  const Reading reading = ToEnd(session);
  EXPECT_EQ(reading.Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  EXPECT_EQ(system().PostWebhook("{}", false).status, 401);
  system().ExpectNothingLeft();
  EXPECT_EQ(provider().State().webhooks.refused, 0);
}

}  // namespace
}  // namespace callbridge::end_to_end
