// Conferences as the Calls API describes them, with every switch in its default position and no
// faults.
#include <gtest/gtest.h>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {
namespace {

using std::chrono::seconds;

TEST(Model, HangsUpAConferenceWithAllItsCalls) {
  ModelDriver driver;
  const auto [caller, conference] = driver.JoinedCaller();
  const std::string callee = driver.Dial(conference);
  driver.Run(seconds(5));
  driver.ForgetEvents();
  ASSERT_EQ(driver.Post("/calls/1/conferences/" + conference + "/hangup").status, 200);
  driver.Run(seconds(1));
  EXPECT_EQ(driver.Types(),
            "PARTICIPANT_REMOVED CALL_FINISHED PARTICIPANT_REMOVED CALL_FINISHED "
            "CONFERENCE_FINISHED");
  EXPECT_EQ(At(driver.Last("CALL_FINISHED").body, "/properties/callLog/hangupSource"), "API");
  EXPECT_EQ(At(driver.Last("CONFERENCE_FINISHED").body, "/properties/errorCode/name"),
            "NORMAL_HANGUP");
  EXPECT_EQ(driver.Post("/calls/1/conferences/" + conference + "/hangup").status, 404);
  const Response history = driver.Get("/calls/1/conferences/" + conference + "/history");
  EXPECT_EQ(At(history.body, "/sessions/1/callId"), callee);
  EXPECT_EQ(driver.world().journal.violations_seen, 0);
}

TEST(Model, KeepsAConferenceWithOneParticipantAndEndsItWithTheLast) {
  ModelDriver driver;
  const auto [caller, conference] = driver.JoinedCaller();
  const std::string callee = driver.Dial(conference);
  driver.Run(seconds(5));
  driver.ForgetEvents();
  ASSERT_TRUE(driver.model().PersonHangsUp(callee, driver.now()).ok());
  driver.Run(seconds(5));
  EXPECT_EQ(driver.Types(), "CALL_FINISHED PARTICIPANT_REMOVED");
  ASSERT_TRUE(driver.model().PersonHangsUp(caller, driver.now()).ok());
  driver.Run(seconds(5));
  EXPECT_EQ(driver.CountOf("CONFERENCE_FINISHED"), 1U);
  EXPECT_FALSE(driver.model().PersonHangsUp(caller, driver.now()).ok());
}

TEST(Model, RemovesAParticipantAndLeavesItsCallActive) {
  ModelDriver driver;
  const auto [caller, conference] = driver.JoinedCaller();
  ASSERT_EQ(driver.Send("DELETE", "/calls/1/conferences/" + conference + "/call/" + caller).status,
            200);
  driver.Run(seconds(1));
  EXPECT_EQ(driver.CountOf("PARTICIPANT_REMOVED"), 1U);
  EXPECT_TRUE(driver.CallOf(caller).established());
  EXPECT_EQ(At(driver.Get("/calls/1/calls/" + caller).body, "/conferenceId"), "");
}

TEST(Model, MutesOneAndDeafensAll) {
  ModelDriver driver;
  const auto [caller, conference] = driver.JoinedCaller();
  const std::string path = "/calls/1/conferences/" + conference;
  ASSERT_EQ(driver.Send("PATCH", path + "/call/" + caller, R"({"muted":true})").status, 200);
  ASSERT_EQ(driver.Send("PATCH", path, R"({"deaf":true})").status, 200);
  driver.Run(seconds(1));
  EXPECT_EQ(driver.CountOf("PARTICIPANT_MEDIA_CHANGED"), 2U);
  const std::string changed = driver.Last("PARTICIPANT_MEDIA_CHANGED").body;
  EXPECT_EQ(At(changed, "/properties/audio/muted"), "true");
  EXPECT_EQ(At(changed, "/properties/audio/deaf"), "true");
  ASSERT_EQ(
      driver.Send("PATCH", path + "/call/" + caller, R"({"role":{"type":"LISTENER"}})").status,
      200);
  driver.Run(seconds(1));
  EXPECT_EQ(At(driver.Last("PARTICIPANT_ROLE_CHANGED").body, "/properties/participant/role/type"),
            "LISTENER");
}

TEST(Model, EnforcesTheMaximumDurations) {
  ModelDriver driver;
  const auto [caller, first] = driver.JoinedCaller();
  const Response dialled = driver.Post(
      "/calls/1/conferences/" + first + "/call",
      R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"447700900456"},"maxDuration":8}})");
  const std::string callee = At(dialled.body, "/call/id");
  driver.Run(seconds(12));
  EXPECT_EQ(driver.CallOf(callee).error, "MAX_DURATION_REACHED");
  const Response created = driver.Post("/calls/1/conferences",
                                       R"({"callsConfigurationId":"callbridge","maxDuration":10})");
  const std::string second = At(created.body, "/id");
  const std::string other = driver.Answered();
  ASSERT_EQ(driver.Send("PUT", "/calls/1/conferences/" + second + "/call/" + other).status, 200);
  driver.Run(seconds(10));
  EXPECT_EQ(driver.CallOf(other).error, "MAX_DURATION_REACHED");
  EXPECT_EQ(driver.CallOf(other).hangup_source, "PLATFORM");
}

TEST(Model, HasNothingLeftToDoWhenEverythingHasEnded) {
  ModelDriver driver;
  const auto [caller, conference] = driver.JoinedCaller();
  driver.Dial(conference);
  driver.Run(seconds(5));
  ASSERT_TRUE(driver.model().NextTime());
  ASSERT_EQ(driver.Post("/calls/1/conferences/" + conference + "/hangup").status, 200);
  driver.Run(seconds(1));
  EXPECT_FALSE(driver.model().NextTime());
}

}  // namespace
}  // namespace callbridge::simulator
