// The sweep against the simulator: calls and conferences that nobody owns, made by hand, and
// webhooks that never come.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "server/provider/answer_decoding.h"
#include "tests/worker/model_world.h"

namespace callbridge::worker {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Each;
using ::testing::SizeIs;

constexpr char kNobodys[] =
    R"({"service":"test","session":"s_nobody","leg":"callee-1","dial":"5"})";

// Everybody answers, and nobody hangs up.
simulator::Settings AlwaysThere(const std::string& people = "answers:1") {
  simulator::Settings settings;
  EXPECT_TRUE(settings.people.Set("default", people).ok());
  EXPECT_TRUE(settings.people.Set("447700900123", people).ok());
  EXPECT_TRUE(settings.people.Set("447700900456", people).ok());
  settings.delays.inbound_ring = std::chrono::hours(8);
  return settings;
}

TEST(SweepAtTheProvider, HangsUpACallThatNoSessionOwns) {
  ModelWorld world({.simulator = AlwaysThere()});
  const std::string call = world.CallByHand(kNobodys);
  world.Run(minutes(9));
  ASSERT_TRUE(world.IsAlive(call)) << "it is young";
  world.Run(minutes(7));
  EXPECT_FALSE(world.IsAlive(call));
  EXPECT_EQ(world.sweep().counts().hung_up, 1);
}

TEST(SweepAtTheProvider, HangsUpACallThatStillRings) {
  simulator::Settings settings = AlwaysThere("never-answers");
  ModelWorld world(
      {.simulator = settings, .sweep = {.interval = seconds(10), .minimum_age = seconds(20)}});
  const std::string call = world.CallByHand(kNobodys);
  world.Run(seconds(35));
  EXPECT_FALSE(world.IsAlive(call)) << "before the provider's own end, after 60 s";
  EXPECT_EQ(world.sweep().counts().hung_up, 1);
}

TEST(SweepAtTheProvider, ADryRunLeavesEverything) {
  ModelWorld world({.simulator = AlwaysThere(), .sweep = {.dry_run = true}});
  const std::string call = world.CallByHand(kNobodys);
  world.Run(minutes(31));
  EXPECT_TRUE(world.IsAlive(call));
  EXPECT_GT(world.sweep().counts().orphans, 1);
  for (const ModelTransport::Attempt& attempt : world.transport().attempts) {
    EXPECT_EQ(attempt.method, "GET") << attempt.target;
  }
}

TEST(SweepAtTheProvider, NeverTouchesWhatIsNotOurs) {
  ModelWorld world({.simulator = AlwaysThere()});
  const std::vector<std::string> foreign = {
      world.CallByHand(R"({"service":"other","session":"s_nobody"})"), world.CallByHand("{}"),
      world.CallByHand(kNobodys, "another"),
      world.model().StartIncomingCall({"447700900123", "442079460001", std::nullopt, ""},
                                      world.now())};
  world.Run(minutes(40));
  for (const std::string& call : foreign) EXPECT_TRUE(world.IsAlive(call)) << call;
  EXPECT_EQ(world.sweep().counts().orphans, 0);
  EXPECT_GT(world.sweep().counts().lists, 5);
}

TEST(SweepAtTheProvider, NeverTouchesAnIncomingCallThatIsNotAnsweredWhateverItSays) {
  ModelWorld world({.simulator = AlwaysThere()});
  const std::string call = world.model().StartIncomingCall(
      {"447700900123", "442079460001", std::nullopt, ""}, world.now());
  world.Ask("POST", absl::StrCat("/calls/1/calls/", call, "/pre-answer"),
            absl::StrCat(R"({"customData":)", kNobodys, "}"));
  world.Run(minutes(40));
  EXPECT_TRUE(world.IsAlive(call));
  // Once it is answered, it costs somebody money.
  world.Ask("POST", absl::StrCat("/calls/1/calls/", call, "/answer"), "{}");
  world.Run(minutes(6));
  EXPECT_FALSE(world.IsAlive(call));
}

TEST(SweepAtTheProvider, HangsUpAConferenceWithWhoeverIsInIt) {
  ModelWorld world({.simulator = AlwaysThere()});
  const auto made = [&world](const std::string& name) {
    const auto conference = provider::DecodeConference(
        world.Ask("POST", "/calls/1/conferences",
                  absl::StrCat(R"({"callsConfigurationId":"bridge","name":")", name, R"("})")));
    return conference->conference_id();
  };
  const std::string ours = made("test/s_nobody");
  const std::string theirs = made("testing/s_nobody");
  const auto dialled = provider::DecodeConferenceAndCall(world.Ask(
      "POST", absl::StrCat("/calls/1/conferences/", ours, "/call"),
      R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"447700900456"},"from":"442079460001"}})"));
  world.Run(minutes(16));
  EXPECT_FALSE(world.IsAlive(ours));
  EXPECT_FALSE(world.IsAlive(dialled->call.call_id()));
  EXPECT_TRUE(world.IsAlive(theirs));
}

TEST(SweepAtTheProvider, LeavesATalkThatGoesOn) {
  ModelWorld world({.simulator = AlwaysThere()});
  const std::string session = world.StartBridge();
  world.Run(minutes(40));
  ASSERT_TRUE(world.Session(session).has_connected());
  EXPECT_EQ(world.CallsAlive(), 2);
  EXPECT_EQ(world.sweep().counts().orphans, 0);
  EXPECT_EQ(world.sweep().counts().missing, 0);
}

TEST(SweepAtTheProvider, ASessionWhoseCallEndedWithoutAWordLearnsIt) {
  // The session's own looks are ten minutes apart.
  ModelWorld world({.simulator = AlwaysThere(),
                    .sweep = {.interval = minutes(3)},
                    .settings = "timing: {connected_look: 10m}\n"});
  const std::string session = world.StartBridge();
  world.Run(minutes(2));
  ASSERT_TRUE(world.Session(session).has_connected());
  world.LoseWebhooks();
  const std::vector<std::string> calls = world.CallsOf(session);
  ASSERT_THAT(calls, SizeIs(2));
  ASSERT_TRUE(world.model().PersonHangsUp(calls[1], world.now()).ok());
  world.Run(seconds(55));
  ASSERT_TRUE(world.Session(session).has_connected()) << "nobody knows";
  world.Run(minutes(1));
  EXPECT_TRUE(world.Session(session).has_ended());
  EXPECT_EQ(world.sweep().counts().missing, 1);
  EXPECT_EQ(world.CallsAlive(), 0);
}

TEST(SweepAtTheProvider, FindsThemOnEveryPage) {
  ModelWorld world({.simulator = AlwaysThere()});
  std::vector<std::string> calls;
  for (int i = 0; i < 230; ++i) calls.push_back(world.CallByHand(kNobodys));
  world.Run(minutes(21));
  EXPECT_EQ(world.CallsAlive(), 0);
  EXPECT_EQ(world.sweep().counts().hung_up, 230);
}

struct Fault {
  const char* name;
  const char* operations;
};
class SweepUnderFaults : public testing::TestWithParam<Fault> {};

TEST_P(SweepUnderFaults, HangsUpWhatIsLeftOnceTheyStop) {
  ModelWorld world({.simulator = AlwaysThere()});
  const std::string call = world.CallByHand(kNobodys);
  ASSERT_TRUE(world.model().SetFault(GetParam().name, "1").ok());
  ASSERT_TRUE(world.model().SetFault("operations", GetParam().operations).ok());
  world.Run(minutes(21));
  EXPECT_TRUE(world.IsAlive(call));
  EXPECT_EQ(world.sweep().counts().hung_up, 0);
  world.model().ClearFaults();
  world.Run(minutes(6));
  EXPECT_FALSE(world.IsAlive(call));
  EXPECT_EQ(world.sweep().counts().hung_up, 1);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, SweepUnderFaults,
    testing::Values(Fault{"error-before", "list-calls"}, Fault{"reset-before", "list-calls"},
                    Fault{"throttled", "list-calls"}, Fault{"error-before", "get-call"},
                    Fault{"reset-before", "hangup"}, Fault{"throttled", "hangup"}));

}  // namespace
}  // namespace callbridge::worker
