// A crowd of bridges while a random process is killed or stopped every second or two, round after
// round, each with a seed of its own that its failure names. CALLBRIDGE_CHAOS_SECONDS says for how
// long, CALLBRIDGE_CHAOS_SEED where the seeds begin.
#include <absl/strings/numbers.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <random>

#include "tests/end_to_end/chaos.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kSecondsByDefault = 8;
// One round: longer ones would forget their first requests, because the simulator keeps 10,000.
constexpr int kRoundSecondsMax = 20;
constexpr int kBridgesPerSecond = 2;

int NumberFrom(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  int number = 0;
  if (text == nullptr) return otherwise;
  EXPECT_TRUE(absl::SimpleAtoi(text, &number)) << variable << " must be a number";
  return number;
}

class ChaosSoak : public Chaos {
 protected:
  void Round(std::uint64_t seed, seconds length) {
    SCOPED_TRACE("CALLBRIDGE_CHAOS_SEED=" + std::to_string(seed));
    SystemOptions options;
    options.webhook_repeats = 2;
    BootObserved(options);
    // Of this only the programs' answers and the webhooks' repetition know.
    provider().SetFaults({{"duplicate", "0.1"},
                          {"reorder", "0.1"},
                          {"event-before-response", "0.1"},
                          {"error-after", "0.01"},
                          {"reset-after", "0.01"},
                          {"throttled", "0.02"}});
    const auto begin = Now();
    StartTraffic({.seed = seed,
                  .bridges = static_cast<int>(length.count()) * kBridgesPerSecond,
                  .apart = milliseconds(1'000 / kBridgesPerSecond)});
    std::mt19937_64 random(seed);
    while (Now() - begin < length) {
      Last(milliseconds(500 + random() % 1'000));
      Fail(random());
    }
    provider().ClearFaults();
    SettleAndJudge();
  }

 private:
  // One fault; which, and how long it lasts, is in the number.
  void Fail(std::uint64_t number) {
    const milliseconds time(number / 8 % 2'000);
    switch (number % 5) {
      case 0:
        return KillServer(time / 2);
      case 1:
        return KillIngress(time / 2);
      case 2:
        return Pause(Part::kServer, time);
      case 3:
        return Pause(Part::kIngress, time);
      default:
        return Pause(Part::kProvider, time);
    }
  }
};

TEST_F(ChaosSoak, RandomKillsAndPausesLoseNothing) {
  int left = NumberFrom("CALLBRIDGE_CHAOS_SECONDS", kSecondsByDefault);
  auto seed = static_cast<std::uint64_t>(NumberFrom("CALLBRIDGE_CHAOS_SEED", 2026));
  while (left > 0 && !HasFailure()) {
    const int length = std::min(left, kRoundSecondsMax);
    ASSERT_NO_FATAL_FAILURE(Round(seed, seconds(length)));
    left -= length;
    ++seed;
    // The last round's end is the fixture's.
    if (left > 0) TearDown();
  }
}

}  // namespace
}  // namespace callbridge::end_to_end
