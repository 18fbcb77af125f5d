// Keys that are sent and captured, with every switch in its default position.
#include <gtest/gtest.h>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The caller presses these keys.
Settings Pressing(const std::string& keys) {
  Settings settings;
  EXPECT_TRUE(settings.people.Set(kCaller, "presses:" + keys).ok());
  return settings;
}

std::string Capture(ModelDriver& driver, const std::string& body) {
  const std::string call = driver.Answered();
  EXPECT_EQ(driver.Post("/calls/1/calls/" + call + "/capture/dtmf", body).status, 200);
  return call;
}

TEST(Model, CapturesAsManyKeysAsItMay) {
  ModelDriver driver(Pressing("12345"));
  const std::string call =
      Capture(driver, R"({"maxLength":4,"timeout":5000,"customData":{"media":"7"}})");
  driver.Run(milliseconds(2'400));
  EXPECT_EQ(driver.CountOf("DTMF_CAPTURED"), 0U);
  driver.Run(milliseconds(200));
  const Delivery captured = driver.Last("DTMF_CAPTURED");
  EXPECT_EQ(captured.call_id, call);
  EXPECT_EQ(At(captured.body, "/properties/dtmf"), "1234");
  EXPECT_EQ(At(captured.body, "/properties/timeout"), "false");
  EXPECT_EQ(At(captured.body, "/properties/customData/media"), "7");
}

TEST(Model, EndsACaptureByItsTerminatorOrInTime) {
  ModelDriver driver(Pressing("12#4"));
  Capture(driver, R"({"maxLength":9,"timeout":5000,"terminator":"#"})");
  driver.Run(milliseconds(2'100));
  EXPECT_EQ(At(driver.Last("DTMF_CAPTURED").body, "/properties/dtmf"), "12");
  EXPECT_EQ(At(driver.Last("DTMF_CAPTURED").body, "/properties/timeout"), "false");
  ModelDriver slow(Pressing("12"));
  Capture(slow, R"({"maxLength":9,"timeout":5000,"digitTimeout":700})");
  slow.Run(milliseconds(2'300));
  EXPECT_EQ(At(slow.Last("DTMF_CAPTURED").body, "/properties/dtmf"), "12");
  EXPECT_EQ(At(slow.Last("DTMF_CAPTURED").body, "/properties/timeout"), "true");
  ModelDriver silent;
  Capture(silent, R"({"maxLength":9,"timeout":1500})");
  silent.Run(milliseconds(1'600));
  EXPECT_EQ(At(silent.Last("DTMF_CAPTURED").body, "/properties/dtmf"), "");
}

TEST(Model, PlaysWhileKeysAreCapturedAndTellsOfBothAtOnce) {
  ModelDriver driver(Pressing("12"));
  const std::string call = Capture(
      driver, R"({"maxLength":2,"timeout":5000,"playContent":{"type":"TEXT","text":"ten letter",)"
              R"("language":"en"}})");
  driver.Run(seconds(3));
  EXPECT_EQ(driver.CountOf("PLAY_FINISHED") + driver.CountOf("SAY_FINISHED"), 0U);
  const std::string captured = driver.Last("DTMF_CAPTURED").body;
  EXPECT_EQ(At(captured, "/properties/playedContentProperties/duration"), "900");
  EXPECT_EQ(At(captured, "/properties/playedContentProperties/playedCompletely"), "true");
  EXPECT_TRUE(driver.CallOf(call).sounds.empty());
}

TEST(Model, CountsASoundBesideACaptureAsAnOverlap) {
  ModelDriver driver;
  const std::string call = Capture(driver, R"({"maxLength":2,"timeout":5000})");
  driver.Post("/calls/1/calls/" + call + "/say", R"({"text":"hello","language":"en"})");
  EXPECT_EQ(driver.world().journal.overlaps, 1);
}

TEST(Model, LetsACallHearKeys) {
  ModelDriver driver;
  const std::string call = driver.Answered();
  EXPECT_EQ(driver.Post("/calls/1/calls/" + call + "/send-dtmf", R"({"dtmf":"1#"})").status, 200);
  EXPECT_NE(driver.Timeline(call).find("hears keys 1#"), std::string::npos);
  EXPECT_EQ(driver.Post("/calls/1/calls/" + call + "/send-dtmf", R"({"dtmf":"1x"})").status, 400);
  EXPECT_EQ(driver
                .Post("/calls/1/calls/" + call + "/capture/dtmf",
                      R"({"maxLength":2,"timeout":500,"terminator":"12"})")
                .status,
            400);
}

}  // namespace
}  // namespace callbridge::simulator
