// Worlds from seeds: people who behave differently and faults of every kind at once. Whatever happens, a session ends in one
// explained outcome, nobody's telephone is left ringing or connected, and no request breaks the provider's rules.
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include "tests/simulation/story.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using std::chrono::seconds;

constexpr std::array kCallees = {
    "answers:3,hangs-up:20", "answers:0,hangs-up:1", "busy",        "rejects",
    "never-answers",         "answers-at-timeout",   "unreachable", "answers:8,hangs-up:30"};

constexpr std::array kFaults = {"duplicate",
                                "delay",
                                "reorder",
                                "drop",
                                "missing-finished",
                                "unknown-event",
                                "null-fields",
                                "zulu-times",
                                "array",
                                "throttled",
                                "error-before",
                                "error-after",
                                "reset-before",
                                "reset-after",
                                "slow-response",
                                "sound-error",
                                "event-before-response"};

// Draws a subset of the faults, and how often each strikes.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : generator_(seed) {}
  std::uint64_t Below(std::uint64_t limit) { return generator_() % limit; }

 private:
  std::mt19937_64 generator_;
};

void DrawFaults(Draw& draw, World& world) {
  for (const char* fault : kFaults) {
    if (draw.Below(3) != 0) continue;
    const std::string often = absl::StrCat("0.", draw.Below(3), 1 + draw.Below(9));
    const absl::Status set = world.model().SetFault(fault, often);
    ASSERT_TRUE(set.ok()) << fault << ": " << set.message();
  }
}

void CheckHistory(World& world) {
  std::int32_t sequence = 0;
  int endings = 0;
  int ends = 0;
  for (const v1::SessionEvent& event : world.Events()) {
    EXPECT_EQ(event.sequence(), ++sequence);
    endings += event.has_session_ending() ? 1 : 0;
    ends += event.has_session_ended() ? 1 : 0;
    EXPECT_TRUE(!event.has_session_ended() || event.sequence() == world.session().sequence());
  }
  EXPECT_EQ(endings, 1);
  EXPECT_EQ(ends, 1);
}

class Seed : public testing::TestWithParam<int> {};

TEST_P(Seed, EndsInOneOutcomeWithNobodyLeft) {
  for (std::uint64_t i = 0; i < 25; ++i) {
    const std::uint64_t seed = 25 * static_cast<std::uint64_t>(GetParam()) + i;
    Draw draw(seed);
    World::Options options;
    options.simulator.seed = seed + 1;
    options.callee = kCallees[draw.Below(kCallees.size())];
    World world(options);
    SCOPED_TRACE(absl::StrCat("seed ", seed, ", callee ", options.callee));
    DrawFaults(draw, world);
    if (draw.Below(3) == 0) {
      world.StartBridge();
    } else {
      std::optional<base::Duration> leaves;
      if (draw.Below(2) == 0) leaves = std::chrono::milliseconds(500 + draw.Below(30'000));
      world.IncomingCall(kRoutedNumber, leaves);
    }
    if (draw.Below(3) == 0) {
      world.Run(std::chrono::milliseconds(draw.Below(20'000)));
      world.CrashAndRestart(std::chrono::milliseconds(draw.Below(10'000)));
    }
    if (draw.Below(4) == 0) {
      world.Run(std::chrono::milliseconds(draw.Below(20'000)));
      if (world.HasSession()) world.EndSession(world.session().session_id());
    }
    world.RunUntil([&] { return world.HasEnded(); }, seconds(300));
    // Two people who go on talking are asked to end.
    if (world.HasSession() && !world.HasEnded()) {
      EXPECT_TRUE(world.session().has_connected()) << Story(world);
      world.EndSession(world.session().session_id());
      world.RunUntil([&] { return world.HasEnded(); }, seconds(120));
    }
    // The faults stop; whatever is still pursued comes to its end.
    world.model().ClearFaults();
    world.RunUntil([&] { return world.CallsAlive() == 0 && world.ConferencesOpen() == 0; },
                   seconds(120));
    // CALL_RECEIVED may have been lost for good: then nothing was ever ours.
    if (!world.HasSession()) continue;
    EXPECT_TRUE(world.HasEnded()) << Story(world);
    EXPECT_EQ(world.CallsAlive(), 0) << Story(world);
    EXPECT_EQ(world.ConferencesOpen(), 0) << Story(world);
    EXPECT_EQ(world.Violations(), 0) << Story(world);
    EXPECT_FALSE(world.session().outcome().summary().empty());
    EXPECT_NE(world.session().outcome().reason(), v1::END_REASON_INTERNAL) << Story(world);
    CheckHistory(world);
    if (testing::Test::HasFailure()) return;
  }
}

// CALLBRIDGE_WORLDS=200 runs 200 batches instead.
int Batches() {
  int batches = 12;
  const char* wanted = std::getenv("CALLBRIDGE_WORLDS");
  if (wanted != nullptr && !absl::SimpleAtoi(wanted, &batches)) batches = 12;
  return batches;
}

INSTANTIATE_TEST_SUITE_P(Worlds, Seed, testing::Range(0, Batches()));

}  // namespace
}  // namespace callbridge::simulation
