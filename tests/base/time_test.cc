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

}  // namespace
}  // namespace callbridge::base
