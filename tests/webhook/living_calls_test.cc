#include "server/inbox/living_calls.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "server/base/limits.h"

namespace callbridge::inbox {
namespace {

using std::chrono::seconds;
using Added = LivingCalls::Added;

const base::Time kBegin = base::Time(seconds(1'768'478'400));

TEST(LivingCalls, BoundsTheCallsOfOneCallerOnOneRoute) {
  LivingCalls calls;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(calls.TryAdd("route", "+44", "call-" + std::to_string(i), 3, kBegin), Added::kNew);
  }
  EXPECT_EQ(calls.TryAdd("route", "+44", "call-3", 3, kBegin), Added::kTooMany);
  EXPECT_EQ(calls.TryAdd("route", "+44", "call-1", 3, kBegin), Added::kKnown)
      << "a second delivery of one call";
  EXPECT_EQ(calls.TryAdd("other", "+44", "call-4", 3, kBegin), Added::kNew) << "another route";
  EXPECT_EQ(calls.TryAdd("route", "+49", "call-5", 3, kBegin), Added::kNew) << "another caller";
  calls.Remove("call-1");
  calls.Remove("call-1");
  calls.Remove("never seen");
  EXPECT_EQ(calls.TryAdd("route", "+44", "call-3", 3, kBegin), Added::kNew);
  EXPECT_EQ(calls.TryAdd("route", "+44", "call-6", 3, kBegin), Added::kTooMany);
}

TEST(LivingCalls, ForgetsThoseOfWhichNoEndIsTold) {
  LivingCalls calls;
  EXPECT_EQ(calls.TryAdd("route", "+44", "old", 1, kBegin), Added::kNew);
  const base::Time before = kBegin + base::kLivingCallAge - seconds(1);
  EXPECT_EQ(calls.TryAdd("route", "+44", "new", 1, before), Added::kTooMany);
  EXPECT_EQ(calls.TryAdd("route", "+44", "new", 1, before + seconds(1)), Added::kNew);
  EXPECT_EQ(calls.size(), 1U);
}

TEST(LivingCalls, KeepsNothingOfCallsThatEnded) {
  LivingCalls calls;
  for (int i = 0; i < 100; ++i) {
    const std::string id = std::to_string(i);
    EXPECT_EQ(calls.TryAdd("route" + id, "+44", id, 1, kBegin + seconds(i)), Added::kNew);
    calls.Remove(id);
  }
  EXPECT_EQ(calls.size(), 0U);
}

}  // namespace
}  // namespace callbridge::inbox
