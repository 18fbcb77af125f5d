#include "server/inbox/living_calls.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "server/base/limits.h"

namespace callbridge::inbox {
namespace {

using std::chrono::seconds;

const base::Time kNow = base::Time(seconds(1'768'478'400));

TEST(LivingCalls, BoundsTheCallsOfOneCallerOnOneRoute) {
  LivingCalls calls;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(calls.TryAdd("route", "+44", "call-" + std::to_string(i), 3, kNow));
  }
  EXPECT_FALSE(calls.TryAdd("route", "+44", "call-3", 3, kNow));
  EXPECT_TRUE(calls.TryAdd("route", "+44", "call-1", 3, kNow)) << "a second delivery of one call";
  EXPECT_TRUE(calls.TryAdd("other", "+44", "call-4", 3, kNow)) << "another route";
  EXPECT_TRUE(calls.TryAdd("route", "+49", "call-5", 3, kNow)) << "another caller";
  calls.Remove("call-1");
  calls.Remove("call-1");
  calls.Remove("never seen");
  EXPECT_TRUE(calls.TryAdd("route", "+44", "call-3", 3, kNow));
  EXPECT_FALSE(calls.TryAdd("route", "+44", "call-6", 3, kNow));
}

TEST(LivingCalls, ForgetsThoseOfWhichNoEndIsTold) {
  LivingCalls calls;
  EXPECT_TRUE(calls.TryAdd("route", "+44", "old", 1, kNow));
  const base::Time before = kNow + base::kLivingCallAge - seconds(1);
  EXPECT_FALSE(calls.TryAdd("route", "+44", "new", 1, before));
  EXPECT_TRUE(calls.TryAdd("route", "+44", "new", 1, before + seconds(1)));
  EXPECT_EQ(calls.size(), 1U);
}

TEST(LivingCalls, KeepsNothingOfCallsThatEnded) {
  LivingCalls calls;
  for (int i = 0; i < 100; ++i) {
    const std::string id = std::to_string(i);
    EXPECT_TRUE(calls.TryAdd("route" + id, "+44", id, 1, kNow + seconds(i)));
    calls.Remove(id);
  }
  EXPECT_EQ(calls.size(), 0U);
}

}  // namespace
}  // namespace callbridge::inbox
