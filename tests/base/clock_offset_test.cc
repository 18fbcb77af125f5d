#include "server/base/clock_offset.h"

#include <gtest/gtest.h>

#include <chrono>

#include "server/base/limits.h"

namespace callbridge::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Witness = ClockOffset::Witness;

constexpr Time kNow{std::chrono::sys_days{std::chrono::January / 15 / 2026}};
constexpr milliseconds kWay{40};

class ClockOffsetTest : public testing::Test {
 protected:
  // The other machine answers now, with a Date that knows whole seconds.
  void Answer(Duration ahead) {
    offset_.HeardBetween(Witness::kAnswers, std::chrono::floor<seconds>(now_ + ahead), seconds(1),
                         now_ - kWay, now_ + kWay);
  }
  void CallMade(Duration ahead) {
    offset_.HeardBetween(Witness::kCalls, std::chrono::floor<milliseconds>(now_ + ahead),
                         milliseconds(1), now_ - kWay, now_ + kWay);
  }

  Time now_ = kNow;
  ClockOffset offset_;
};

TEST_F(ClockOffsetTest, IsZeroWhileNothingIsKnown) {
  EXPECT_EQ(offset_.ahead(), Duration::zero());
  EXPECT_EQ(offset_.ahead_at_least(), Duration::zero());
}

TEST_F(ClockOffsetTest, IsNearTheTruthAfterOneAnswerAndNearerAfterMany) {
  for (const Duration truth :
       {Duration(-minutes(5)), Duration(minutes(5)), Duration(-seconds(90))}) {
    now_ += 2 * kClockOffsetAge;
    Answer(truth);
    EXPECT_LT(std::chrono::abs(offset_.ahead() - truth), seconds(1));
    for (int i = 0; i < 100; ++i) {
      now_ += milliseconds(137);
      Answer(truth);
    }
    EXPECT_LT(std::chrono::abs(offset_.ahead() - truth), 2 * kWay);
  }
}

TEST_F(ClockOffsetTest, BelievesCallsBeforeAnswersAndAnswersBeforeThePast) {
  offset_.HeardBefore(kNow + seconds(30), kNow);
  EXPECT_EQ(offset_.ahead(), seconds(30));
  Answer(minutes(1));
  EXPECT_LT(std::chrono::abs(offset_.ahead() - minutes(1)), seconds(1));
  CallMade(-minutes(5));
  EXPECT_LT(std::chrono::abs(offset_.ahead() + minutes(5)), kWay);
}

TEST_F(ClockOffsetTest, OldNewsProveNoClockThatIsBehind) {
  offset_.HeardBefore(kNow - minutes(5), kNow);
  EXPECT_EQ(offset_.ahead(), Duration::zero());
}

TEST_F(ClockOffsetTest, OfThePastTheFastestNewsCount) {
  offset_.HeardBefore(kNow - minutes(5), kNow);
  offset_.HeardBefore(kNow - minutes(6), kNow);
  EXPECT_EQ(offset_.ahead_at_least(), -minutes(5));
  // Later all of it is slower: the other clock was set back.
  const Time later = kNow + kClockOffsetAge + seconds(1);
  offset_.HeardBefore(later - minutes(10), later);
  EXPECT_EQ(offset_.ahead_at_least(), -minutes(10));
}

TEST_F(ClockOffsetTest, FollowsAClockThatIsSet) {
  Answer(-minutes(5));
  Answer(minutes(2));
  EXPECT_LT(std::chrono::abs(offset_.ahead() - minutes(2)), seconds(1));
}

TEST_F(ClockOffsetTest, FollowsAClockThatDrifts) {
  Answer(seconds(10));
  now_ += kClockOffsetAge + seconds(1);
  Answer(seconds(10) + milliseconds(700));
  EXPECT_LT(std::chrono::abs(offset_.ahead() - seconds(10) - milliseconds(700)), milliseconds(600));
}

TEST_F(ClockOffsetTest, WhatMessagesTakeIsNoDifference) {
  Answer(kClockOffsetMin - seconds(1));
  EXPECT_EQ(offset_.ahead(), Duration::zero());
}

TEST_F(ClockOffsetTest, AsksBackAsFarAsAnyWitnessSays) {
  CallMade(minutes(5));
  EXPECT_EQ(offset_.ahead_at_least(), Duration::zero());
  Answer(-minutes(3));
  EXPECT_LT(std::chrono::abs(offset_.ahead_at_least() + minutes(3)), seconds(2));
  offset_.HeardBefore(kNow - minutes(7), kNow);
  EXPECT_EQ(offset_.ahead_at_least(), -minutes(7));
}

}  // namespace
}  // namespace callbridge::base
