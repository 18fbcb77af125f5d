#include "server/base/stop_on_signal.h"

#include <absl/synchronization/notification.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

namespace callbridge::base {
namespace {

using ::testing::ExitedWithCode;

// Each in a process of its own, in which no other thread takes the signal.
class StopOnSignalTest : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

void InterruptAndWait(const StopOnSignal& stop) {
  absl::Notification stopped;
  std::stop_callback on_stop(stop.token(), [&] { stopped.Notify(); });
  kill(getpid(), SIGINT);
  stopped.WaitForNotification();
}

void InterruptOnce() {
  const StopOnSignal stop;
  InterruptAndWait(stop);
  std::_Exit(7);
}

void InterruptTwice() {
  const StopOnSignal stop;
  InterruptAndWait(stop);
  kill(getpid(), SIGTERM);
  // Nobody notifies: only the second signal ends this.
  absl::Notification().WaitForNotification();
}

void LiveAndGo() {
  { const StopOnSignal stop; }
  std::_Exit(5);
}

TEST_F(StopOnSignalTest, RequestsStopAtTheFirstSignal) {
  EXPECT_EXIT(InterruptOnce(), ExitedWithCode(7), "");
}

TEST_F(StopOnSignalTest, EndsTheProcessAtTheSecond) {
  EXPECT_EXIT(InterruptTwice(), ExitedWithCode(130), "");
}

TEST_F(StopOnSignalTest, EndsWithoutAnySignal) { EXPECT_EXIT(LiveAndGo(), ExitedWithCode(5), ""); }

}  // namespace
}  // namespace callbridge::base
