#include "server/base/clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "server/base/limits.h"
#include "server/base/log.h"

namespace callbridge::base {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Time kStart{std::chrono::sys_days{std::chrono::January / 15 / 2026}};

class ServiceClockTest : public testing::Test {
 protected:
  // Time passes, and the system's clock sees it.
  void Pass(Duration time) {
    steady_ += time;
    system_ += time;
  }
  // The system's clock is set.
  void Step(Duration by) { system_ += by; }

  Time system_ = kStart;
  Duration steady_ = hours(7);
  const TimeSources sources_{.system = [this] { return system_; },
                             .steady = [this] { return steady_; }};
  ServiceClock clock_{sources_};
};

TEST_F(ServiceClockTest, IsTheSystemsWhileThatOnlyGoesOn) {
  for (const Duration time :
       {Duration(1), Duration(199), Duration(seconds(3)), Duration(hours(50))}) {
    EXPECT_EQ(clock_.Now(), system_);
    Pass(time);
  }
  EXPECT_EQ(clock_.system_ahead(), Duration::zero());
}

// By how much the clock goes on in so much time, for steps of the system's clock of every size,
// both ways.
TEST_F(ServiceClockTest, GoesOnAsTimePassesWhateverTheSystemsIsSetTo) {
  for (const Duration step :
       {Duration(hours(1)), Duration(milliseconds(900)), Duration(hours(24 * 365 * 50))}) {
    for (const int sign : {1, -1}) {
      const ServiceClock clock(sources_);
      const Time before = clock.Now();
      Step(sign * step);
      EXPECT_EQ(clock.Now(), before);
      for (int i = 0; i < 10; ++i) {
        Pass(seconds(1));
        clock.Now();
      }
      EXPECT_EQ(clock.Now(), before + seconds(10) + sign * milliseconds(50));
    }
  }
}

TEST_F(ServiceClockTest, ArrivesAtTheSystemsTimeAndStaysThere) {
  Step(seconds(-1));
  Pass(seconds(199));
  EXPECT_EQ(clock_.Now(), system_ + milliseconds(5));
  EXPECT_EQ(clock_.system_ahead(), milliseconds(-5));
  Pass(seconds(2));
  EXPECT_EQ(clock_.Now(), system_);
  Pass(hours(1));
  EXPECT_EQ(clock_.Now(), system_);
}

// However often it is asked, and however unevenly.
TEST_F(ServiceClockTest, FollowsAtOnePaceHoweverOftenItIsAsked) {
  const Time before = clock_.Now();
  Step(hours(1));
  Duration passed{};
  for (int i = 1; passed < milliseconds(1); ++i) {
    Pass(nanoseconds(i % 700));
    passed += nanoseconds(i % 700);
    EXPECT_EQ(clock_.Now(), before + passed + passed / 200);
  }
}

TEST_F(ServiceClockTest, TimeThatAgreedIsNotSavedUpForLater) {
  Pass(hours(1));
  EXPECT_EQ(clock_.Now(), system_);
  Step(seconds(10));
  EXPECT_EQ(clock_.Now(), system_ - seconds(10));
}

TEST_F(ServiceClockTest, NeverGoesBack) {
  Time last = clock_.Now();
  for (int i = 0; i < 1'000; ++i) {
    if (i % 10 == 0) Step(i % 20 == 0 ? -hours(1) : hours(1));
    // Also if the steady source did.
    steady_ += nanoseconds(i % 3 - 1);
    const Time now = clock_.Now();
    EXPECT_GE(now, last);
    last = now;
  }
}

TEST_F(ServiceClockTest, ContinuesAfterWhatIsDurable) {
  const Time durable = kStart + hours(1);
  clock_.ContinueAfter(durable);
  EXPECT_EQ(clock_.Now(), durable);
  EXPECT_EQ(clock_.system_ahead(), -hours(1));
  clock_.ContinueAfter(kStart);
  EXPECT_EQ(clock_.Now(), durable);
  Pass(seconds(1));
  EXPECT_EQ(clock_.Now(), durable + seconds(1) - milliseconds(5));
}

TEST_F(ServiceClockTest, WarnsOfADifferenceOnceInAWhile) {
  const LogCapture log;
  Step(milliseconds(1'000));
  clock_.Now();
  EXPECT_THAT(log.Lines(), IsEmpty());
  Step(-hours(1));
  // Asking for the difference takes no warning away.
  EXPECT_EQ(clock_.system_ahead(), -hours(1) + seconds(1));
  clock_.Now();
  clock_.Now();
  EXPECT_THAT(log.Lines(),
              ElementsAre(AllOf(HasSubstr(R"("level":"warning")"), HasSubstr("clock_differs"),
                                HasSubstr(R"("system_ahead_s":-3599)"))));
  Pass(kClockWarningInterval - seconds(1));
  clock_.Now();
  EXPECT_THAT(log.Lines(), SizeIs(1));
  Pass(seconds(1));
  clock_.Now();
  EXPECT_THAT(log.Lines(), SizeIs(2));
  // It has come back.
  Step(hours(1));
  Pass(2 * kClockWarningInterval);
  clock_.Now();
  EXPECT_THAT(log.Lines(), SizeIs(2));
}

TEST(ProcessClock, IsOneAndTellsTheMachinesTime) {
  EXPECT_EQ(&ProcessClock(), &ProcessClock());
  const Time before = MachineTime().system();
  const Time now = ProcessClock().Now();
  EXPECT_LT(std::chrono::abs(now - before), minutes(1));
  EXPECT_GE(ProcessClock().Now(), now);
}

}  // namespace
}  // namespace callbridge::base
