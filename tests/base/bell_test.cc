#include "server/base/bell.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace callbridge::base {
namespace {

using std::chrono::hours;
using std::chrono::nanoseconds;

TEST(Bell, WakesAThreadWhoseConditionHasBecomeTrue) {
  absl::Mutex mutex;
  Bell bell;
  bool done = false;
  std::jthread other([&] {
    absl::MutexLock lock(&mutex);
    done = true;
    bell.Ring();
  });
  absl::MutexLock lock(&mutex);
  EXPECT_TRUE(bell.WaitFor(mutex, hours(1), [&done] { return done; }));
}

TEST(Bell, LetsGoWhenTheTimeIsOver) {
  absl::Mutex mutex;
  Bell bell;
  absl::MutexLock lock(&mutex);
  EXPECT_FALSE(bell.WaitFor(mutex, nanoseconds(1), [] { return false; }));
  EXPECT_FALSE(bell.WaitFor(mutex, -hours(1), [] { return false; }));
}

TEST(Bell, AsksTheConditionBeforeItWaits) {
  absl::Mutex mutex;
  Bell bell;
  absl::MutexLock lock(&mutex);
  EXPECT_TRUE(bell.WaitFor(mutex, Duration::zero(), [] { return true; }));
}

}  // namespace
}  // namespace callbridge::base
