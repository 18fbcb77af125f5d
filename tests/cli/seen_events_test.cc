#include "client/callbridge/seen_events.h"

#include <gtest/gtest.h>

namespace callbridge::client_library {
namespace {

TEST(SeenEvents, TakesEachEventOfASessionOnce) {
  SeenEvents seen;
  EXPECT_TRUE(seen.Take("a", 1));
  EXPECT_TRUE(seen.Take("b", 1));
  EXPECT_FALSE(seen.Take("a", 1));
  EXPECT_TRUE(seen.Take("a", 3));
  EXPECT_FALSE(seen.Take("a", 2));
}

TEST(SeenEvents, ForgetsTheSessionSilentLongest) {
  SeenEvents seen(2);
  EXPECT_TRUE(seen.Take("a", 1));
  EXPECT_TRUE(seen.Take("b", 1));
  EXPECT_TRUE(seen.Take("a", 2));
  EXPECT_TRUE(seen.Take("c", 1));
  EXPECT_FALSE(seen.Take("a", 2));
  EXPECT_TRUE(seen.Take("b", 1));
}

}  // namespace
}  // namespace callbridge::client_library
