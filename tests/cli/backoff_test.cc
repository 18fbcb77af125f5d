#include "callbridge/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace callbridge::client {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, DoublesToItsLargestWithJitterBelow) {
  Backoff backoff({milliseconds(100), milliseconds(350)}, 7);
  for (const int whole : {100, 200, 350, 350}) {
    const milliseconds delay = backoff.Next();
    EXPECT_GE(delay, milliseconds(whole / 2));
    EXPECT_LE(delay, milliseconds(whole));
  }
}

// Every pair of bounds: no delay beyond them, and over many clients all of what lies between.
TEST(Backoff, ReachesItsBoundsAndNeverPassesThem) {
  for (const int first : {1, 2, 100, 5'000}) {
    for (const int max : {1, 2, 150, 100'000}) {
      for (const int resets : {0, 1}) {
        std::vector<milliseconds> least(40, milliseconds::max());
        std::vector<milliseconds> most(40, milliseconds::min());
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
          Backoff backoff({milliseconds(first), milliseconds(max)}, seed);
          for (int before = 0; before < resets * 7; ++before) {
            ASSERT_LE(backoff.Next(), milliseconds(max));
          }
          if (resets > 0) backoff.Reset();
          for (std::size_t i = 0; i < least.size(); ++i) {
            const milliseconds delay = backoff.Next();
            least[i] = std::min(least[i], delay);
            most[i] = std::max(most[i], delay);
          }
        }
        std::int64_t whole = first;
        for (std::size_t i = 0; i < least.size();
             ++i, whole = std::min<std::int64_t>(max, whole * 2)) {
          whole = std::min<std::int64_t>(whole, max);
          const std::int64_t margin = whole / 10;
          EXPECT_GE(least[i].count(), whole / 2) << first << " " << max << " " << i;
          EXPECT_LE(least[i].count(), whole / 2 + margin) << first << " " << max << " " << i;
          EXPECT_LE(most[i].count(), whole) << first << " " << max << " " << i;
          EXPECT_GE(most[i].count(), whole - margin) << first << " " << max << " " << i;
        }
      }
    }
  }
}

TEST(Backoff, BeginsAnewAfterReset) {
  Backoff backoff({milliseconds(100), milliseconds(10'000)}, 7);
  for (int i = 0; i < 5; ++i) EXPECT_GT(backoff.Next(), milliseconds(0));
  backoff.Reset();
  EXPECT_LE(backoff.Next(), milliseconds(100));
}

TEST(Backoff, DiffersBetweenClients) {
  Backoff one({milliseconds(100'000), milliseconds(100'000)}, 1);
  Backoff other({milliseconds(100'000), milliseconds(100'000)}, 2);
  EXPECT_NE(one.Next(), other.Next());
}

TEST(WaitFor, ReturnsAtOnceWhenStopped) {
  std::stop_source stop;
  stop.request_stop();
  const auto start = std::chrono::steady_clock::now();
  WaitFor(std::chrono::minutes(10), stop.get_token());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::minutes(1));
}

}  // namespace
}  // namespace callbridge::client
