#include "client/callbridge/backoff.h"

#include <gtest/gtest.h>

#include <chrono>

namespace callbridge::client_library {
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
}  // namespace callbridge::client_library
