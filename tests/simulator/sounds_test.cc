// What calls and conferences hear, with every switch in its default position and no faults.
#include "tests/simulator/sounds.h"

#include <gtest/gtest.h>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kMusic =
    R"({"content":{"type":"URL","fileUrl":"http://127.0.0.1/music.wav"},"loopCount":3})";

std::string Say(const std::string& text) { return R"({"text":")" + text + R"(","language":"en"})"; }

TEST(Model, SaysAndReportsTheLengthWithTheCallsCustomData) {
  ModelDriver driver;
  const std::string call = driver.Answered();
  const Response said =
      driver.Post("/calls/1/calls/" + call + "/say",
                  R"({"text":"ten letter","language":"en","customData":{"media":"4"}})");
  EXPECT_EQ(said.status, 200);
  driver.Run(seconds(2));
  const std::string finished = driver.Last("SAY_FINISHED").body;
  EXPECT_EQ(At(finished, "/callId"), call);
  EXPECT_EQ(At(finished, "/properties/duration"), "900");
  EXPECT_EQ(At(finished, "/properties/playedCompletely"), "true");
  EXPECT_EQ(At(finished, "/properties/customData/media"), "4");
}

TEST(Model, StopsMusicAndReportsItAsCut) {
  ModelDriver driver;
  const std::string call = driver.Answered();
  ASSERT_EQ(driver.Post("/calls/1/calls/" + call + "/play", kMusic).status, 200);
  driver.Run(seconds(7));
  ASSERT_EQ(driver.Post("/calls/1/calls/" + call + "/stop-play", "{}").status, 200);
  driver.Run(seconds(1));
  const std::string finished = driver.Last("PLAY_FINISHED").body;
  EXPECT_EQ(At(finished, "/properties/duration"), "7000");
  EXPECT_EQ(At(finished, "/properties/playedCompletely"), "false");
  driver.Run(minutes(2));
  EXPECT_EQ(driver.CountOf("PLAY_FINISHED"), 1U);
}

TEST(Model, PlaysLoopsToTheEndAndStopsAtTheTimeout) {
  ModelDriver driver;
  const std::string call = driver.Answered();
  ASSERT_EQ(driver.Post("/calls/1/calls/" + call + "/play", kMusic).status, 200);
  driver.Run(seconds(61));
  EXPECT_EQ(At(driver.Last("PLAY_FINISHED").body, "/properties/duration"), "60000");
  EXPECT_EQ(At(driver.Last("PLAY_FINISHED").body, "/properties/playedCompletely"), "true");
  const std::string limited =
      R"({"content":{"type":"FILE","fileId":"f"},"loopCount":3,"timeout":5000})";
  ASSERT_EQ(driver.Post("/calls/1/calls/" + call + "/play", limited).status, 200);
  driver.Run(seconds(6));
  EXPECT_EQ(At(driver.Last("PLAY_FINISHED").body, "/properties/duration"), "5000");
  EXPECT_EQ(At(driver.Last("PLAY_FINISHED").body, "/properties/playedCompletely"), "false");
}

TEST(Model, EstimatesSpeechByCharactersRateAndBreaks) {
  EXPECT_EQ(EstimateSpeech("ten letter", 1), base::Duration(milliseconds(900)));
  EXPECT_EQ(EstimateSpeech("ten letter", 2), base::Duration(milliseconds(450)));
  EXPECT_EQ(EstimateSpeech("<speak>ten<break time=\"1.5s\"/> letter</speak>", 1),
            base::Duration(milliseconds(2'400)));
  EXPECT_EQ(EstimateSpeech("\u4f60\u597d", 1), base::Duration(milliseconds(700)));
}

TEST(Model, SaysToEverybodyInAConference) {
  ModelDriver driver;
  const auto [caller, conference] = driver.JoinedCaller();
  ASSERT_EQ(driver.Post("/calls/1/conferences/" + conference + "/say", Say("all")).status, 200);
  driver.Run(seconds(2));
  const Delivery finished = driver.Last("SAY_FINISHED");
  EXPECT_EQ(At(finished.body, "/conferenceId"), conference);
  EXPECT_EQ(finished.call_id, "");
  EXPECT_NE(driver.Timeline(caller).find("with all others hears say \"all\" in en"),
            std::string::npos);
}

}  // namespace
}  // namespace callbridge::simulator
