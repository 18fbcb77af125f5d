// Clocks that are wrong, against the simulator: the system's, which somebody sets while people
// call, and the provider's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "tests/worker/model_world.h"

namespace callbridge::worker {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;

simulator::Settings People(const std::string& callee) {
  simulator::Settings settings;
  EXPECT_TRUE(settings.people.Set("447700900123", "answers:1").ok());
  EXPECT_TRUE(settings.people.Set("447700900456", callee).ok());
  return settings;
}

// What a caller hears and the record says of a callee who never answers, with an outage of the
// provider that opens the breaker, while the system's clock is set at these moments.
std::vector<std::string> StoryWith(const std::vector<base::Duration>& moments,
                                   base::Duration step) {
  ModelWorld world({.simulator = People("never-answers")});
  bool away = false;
  world.transport().fails = [&away](std::size_t) { return away; };
  const std::string session = world.StartBridge();
  base::Duration ahead{};
  base::Duration passed{};
  for (const base::Duration tick : std::vector<base::Duration>(300, milliseconds(200))) {
    away = passed >= seconds(2) && passed < seconds(4);
    if (std::find(moments.begin(), moments.end(), passed) != moments.end()) {
      ahead += step;
      world.SetSystemClock(ahead);
    }
    world.Run(tick);
    passed += tick;
  }
  EXPECT_EQ(world.CallsAlive(), 0);
  EXPECT_EQ(world.Session(session).outcome().reason(), v1::END_REASON_NO_ANSWER);
  std::vector<std::string> story = world.Story(session);
  // Deadlines move by a thousandth or two, so requests and answers may pass each other.
  std::erase_if(story, [](const std::string& kind) { return kind.starts_with("command_"); });
  return story;
}

TEST(SystemClock, StepsChangeNothing) {
  const std::vector<std::string> without = StoryWith({}, {});
  EXPECT_THAT(without, Contains("session_ended"));
  for (const base::Duration step : {base::Duration(hours(1)), base::Duration(-hours(1))}) {
    for (const int moment : {0, 1, 3, 10, 20, 22}) {
      EXPECT_EQ(StoryWith({seconds(moment)}, step), without) << moment << " s";
    }
  }
  // One after the other, in the same direction.
  EXPECT_EQ(StoryWith({seconds(1), seconds(5), seconds(9), seconds(13)}, -minutes(10)), without);
}

int CallsTo(const ModelWorld& world, const std::string& number) {
  int calls = 0;
  for (const auto& [key, call] : world.model().world().calls.things()) {
    calls += call.to == number ? 1 : 0;
  }
  return calls;
}

struct Skew {
  base::Duration ahead;
  bool dateless;
};

class ProvidersClock : public testing::TestWithParam<Skew> {};

TEST_P(ProvidersClock, HidesNoCallWhoseDialWasLost) {
  ModelWorld world({.simulator = People("answers:3"),
                    .clock_ahead = GetParam().ahead,
                    .dateless = GetParam().dateless});
  int dials = 0;
  world.transport().loses = [&](const ModelTransport::Attempt& attempt) {
    const bool dial = attempt.method == "POST" && attempt.target.ends_with("/call");
    if (!dial || ++dials != 2) return false;
    world.LoseWebhooks();
    return true;
  };
  const std::string session = world.StartBridge();
  world.Run(seconds(40));
  EXPECT_EQ(dials, 2);
  EXPECT_EQ(CallsTo(world, "447700900456"), 1);
  EXPECT_EQ(world.CallsAlive(), 2);
  EXPECT_THAT(world.Story(session), Contains("parties_connected"));
  world.EndSession(session);
  world.Run(seconds(60));
  EXPECT_EQ(world.CallsAlive(), 0);
}

TEST_P(ProvidersClock, MakesNoCallOlderOrYoungerForTheSweep) {
  simulator::Settings people = People("answers:1");
  people.delays.inbound_ring = hours(8);
  ModelWorld world(
      {.simulator = people, .clock_ahead = GetParam().ahead, .dateless = GetParam().dateless});
  // The provider has said something about its clock.
  const std::string session = world.StartBridge();
  world.Run(seconds(10));
  const std::string call = world.CallByHand(R"({"service":"test","session":"s_nobody"})");
  world.Run(minutes(9));
  EXPECT_TRUE(world.IsAlive(call)) << "it is young";
  world.Run(minutes(16));
  EXPECT_FALSE(world.IsAlive(call));
}

TEST_P(ProvidersClock, IsTakenOffWhatItSays) {
  ModelWorld world({.simulator = People("answers:3"),
                    .clock_ahead = GetParam().ahead,
                    .dateless = GetParam().dateless});
  const std::string session = world.StartBridge();
  world.Run(seconds(30));
  ASSERT_THAT(world.Story(session), Contains("parties_connected"));
  for (const v1::SessionEvent& event : world.Events(session)) {
    // Before the first answer to a dial nothing is known without a Date, so earlier events may be
    // late.
    if (!event.has_parties_connected()) continue;
    ASSERT_TRUE(event.has_occur_time());
    const base::Duration late =
        base::FromTimestamp(event.record_time()) - base::FromTimestamp(event.occur_time());
    EXPECT_LT(std::chrono::abs(late), seconds(3));
  }
}

INSTANTIATE_TEST_SUITE_P(Skews, ProvidersClock,
                         testing::Values(Skew{}, Skew{-minutes(5), false}, Skew{minutes(5), false},
                                         Skew{-minutes(5), true}, Skew{minutes(5), true}));

}  // namespace
}  // namespace callbridge::worker
