// The story of the use case, both endings and the caller who gives up, with every switch in every
// position: a plain application gets through, nothing stays alive, and the simulator finds nothing
// to complain about.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/simulator/naive_bridge.h"

namespace callbridge::simulator {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Settings MakeSettings() {
  Settings settings;
  EXPECT_TRUE(settings.people.Set(kCallee, "answers:3,hangs-up:20").ok());
  return settings;
}

TEST(Golden, TheCalleeAnswers) {
  ModelDriver driver(MakeSettings());
  NaiveBridge bridge(driver, std::string(kCallee));
  bridge.Run(minutes(2));
  EXPECT_EQ(driver.Timeline(bridge.caller()),
            "0 calls\n"
            "220 is answered\n"
            "320 joins the conference\n"
            "340 hears say \"We connect you.\" in en\n"
            "1540 say ended after 1200 ms\n"
            "1560 hears play URL http://127.0.0.1/music.wav, 99 times\n"
            "5680 stop-play\n"
            "5680 play ended after 4120 ms, cut\n"
            "5700 hears say \"Here they are.\" in en\n"
            "6840 say ended after 1140 ms\n"
            "25580 ends: NORMAL_HANGUP by API\n");
  EXPECT_EQ(driver.Timeline(bridge.callee()),
            "0 is dialled\n"
            "1000 rings\n"
            "4000 answers\n"
            "4100 joins the conference\n"
            "24000 ends: NORMAL_HANGUP by ENDPOINT\n");
  EXPECT_EQ(driver.world().journal.violations_seen, 0);
}

TEST(Golden, TheCalleeDoesNotAnswer) {
  ModelDriver driver(MakeSettings());
  NaiveBridge bridge(driver, "447700900103");
  bridge.Run(minutes(2));
  EXPECT_EQ(driver.Timeline(bridge.caller()),
            "0 calls\n"
            "220 is answered\n"
            "320 joins the conference\n"
            "340 hears say \"We connect you.\" in en\n"
            "1540 say ended after 1200 ms\n"
            "1560 hears play URL http://127.0.0.1/music.wav, 99 times\n"
            "21580 stop-play\n"
            "21580 play ended after 20020 ms, cut\n"
            "21600 hears say \"Nobody is there.\" in en\n"
            "22860 say ended after 1260 ms\n"
            "22880 ends: NORMAL_HANGUP by API\n");
  EXPECT_EQ(driver.Timeline(bridge.callee()),
            "0 is dialled\n"
            "1000 rings\n"
            "20000 ends: NO_ANSWER by PLATFORM\n");
  EXPECT_EQ(driver.world().journal.violations_seen, 0);
}

struct Position {
  std::string name;
  std::string value;
};

std::vector<Position> Positions() {
  std::vector<Position> all;
  for (const auto& row : SwitchRows()) {
    for (const std::string& choice : row.choices) all.push_back({row.name, choice});
  }
  return all;
}

class EveryPosition : public testing::TestWithParam<Position> {
 protected:
  static Settings SettingsOf(const Position& position) {
    Settings settings = MakeSettings();
    EXPECT_TRUE(SetByName(SwitchRows(), settings.switches, position.name, position.value).ok());
    return settings;
  }

  static void ExpectAllIsOver(const ModelDriver& driver) {
    for (const auto& [number, call] : driver.world().calls.things()) {
      EXPECT_TRUE(call.ended()) << driver.Timeline(call.id);
    }
    for (const auto& [number, conference] : driver.world().conferences.things()) {
      EXPECT_TRUE(conference.ended());
    }
    EXPECT_EQ(driver.world().journal.violations_seen, 0);
    EXPECT_EQ(driver.world().journal.overlaps, 0);
  }
};

TEST_P(EveryPosition, LetsTheCalleeAnswer) {
  ModelDriver driver(SettingsOf(GetParam()));
  NaiveBridge bridge(driver, std::string(kCallee));
  bridge.Run(minutes(2));
  ExpectAllIsOver(driver);
  const std::string heard = driver.Timeline(bridge.caller());
  EXPECT_NE(heard.find("Here they are"), std::string::npos) << heard;
  EXPECT_TRUE(driver.CallOf(bridge.callee()).answer.has_value());
}

TEST_P(EveryPosition, TellsThatTheCalleeDoesNotAnswer) {
  ModelDriver driver(SettingsOf(GetParam()));
  NaiveBridge bridge(driver, "447700900103");
  bridge.Run(minutes(2));
  ExpectAllIsOver(driver);
  const std::string heard = driver.Timeline(bridge.caller());
  EXPECT_NE(heard.find("Nobody is there"), std::string::npos) << heard;
}

TEST_P(EveryPosition, EndsWhenTheCallerGivesUpWhileItRings) {
  ModelDriver driver(SettingsOf(GetParam()));
  NaiveBridge bridge(driver, "447700900107");
  bridge.Run(minutes(2), seconds(6));
  ExpectAllIsOver(driver);
  EXPECT_FALSE(driver.CallOf(bridge.callee()).answer.has_value());
}

std::string NameOfPosition(const testing::TestParamInfo<Position>& info) {
  std::string name;
  for (const char character : info.param.name + "_is_" + info.param.value) {
    name += std::isalnum(static_cast<unsigned char>(character)) != 0 ? character : '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, EveryPosition, testing::ValuesIn(Positions()), NameOfPosition);

}  // namespace
}  // namespace callbridge::simulator
