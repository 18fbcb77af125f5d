#include "server/base/time.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

namespace callbridge::base {
namespace {

TEST(Earlier, IsTheEarlierOfTwoTimes) {
  constexpr Time kOne{std::chrono::seconds(1)};
  constexpr Time kTwo{std::chrono::seconds(2)};
  EXPECT_EQ(Earlier(kOne, kTwo), kOne);
  EXPECT_EQ(Earlier(kTwo, kOne), kOne);
}

TEST(Earlier, IsTheOtherTimeWhenOneIsAbsent) {
  constexpr Time kOne{std::chrono::seconds(1)};
  EXPECT_EQ(Earlier(std::nullopt, kOne), kOne);
  EXPECT_EQ(Earlier(kOne, std::nullopt), kOne);
  EXPECT_EQ(Earlier(std::nullopt, std::nullopt), std::nullopt);
}

TEST(Doubled, GrowsToItsLimitAndNeverBeyond) {
  using std::chrono::seconds;
  EXPECT_EQ(Doubled(seconds(1), -1, seconds(30)), seconds(1));
  EXPECT_EQ(Doubled(seconds(1), 0, seconds(30)), seconds(1));
  EXPECT_EQ(Doubled(seconds(1), 4, seconds(30)), seconds(16));
  EXPECT_EQ(Doubled(seconds(1), 5, seconds(30)), seconds(30));
  EXPECT_EQ(Doubled(seconds(1), 1'000'000, seconds(30)), seconds(30));
  EXPECT_EQ(Doubled(seconds(40), 0, seconds(30)), seconds(30));
  EXPECT_EQ(Doubled(Duration::max(), 3, Duration::max()), Duration::max());
}

}  // namespace
}  // namespace callbridge::base
