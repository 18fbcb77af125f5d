#include "server/provider/spacing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "server/base/clock.h"
#include "server/base/limits.h"
#include "tests/provider/commands.h"
#include "tests/provider/most_in_one_second.h"

namespace callbridge::provider {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class SpacingTest : public ::testing::Test {
 protected:
  // Takes as many tokens as it can until the end, each as soon as it is there.
  std::vector<base::Time> TakeAll(const internal::v1::Command& command, base::Duration length) {
    std::vector<base::Time> taken;
    const base::Time end = clock_.Now() + length;
    while (clock_.Now() < end) {
      const std::optional<base::Time> next = spacing_.TryTake(command, clock_.Now());
      if (next.has_value()) {
        EXPECT_GT(*next, clock_.Now());
        clock_.Set(*next);
      } else {
        taken.push_back(clock_.Now());
      }
    }
    return taken;
  }

  bool Take(const internal::v1::Command& command) {
    return !spacing_.TryTake(command, clock_.Now()).has_value();
  }

  void Throttle(const internal::v1::Command& command, seconds retry_after = seconds(0)) {
    internal::v1::CommandResult result;
    result.set_verdict(internal::v1::CommandResult::VERDICT_THROTTLED);
    if (retry_after > seconds(0)) {
      *result.mutable_retry_after() = base::ToProtoDuration(retry_after);
    }
    spacing_.Observe(command, result, clock_.Now());
  }

  base::ManualClock clock_{kStart};
  Spacing spacing_{{{"default", Rates{}}, {"second", Rates{}}}, kStart};
};

TEST_F(SpacingTest, KeepsEveryWindowOfOneSecondUnderThePublishedNumber) {
  struct Row {
    internal::v1::Command command;
    std::ptrdiff_t published;
  };
  for (const Row& row :
       {Row{DialCommand(), 6}, Row{CreateConferenceCommand(), 20}, Row{AnswerCommand(), 100},
        Row{HangUpCommand(), 100}, Row{StopPlayCommand(), 100}, Row{SayCommand(), 100}}) {
    const std::vector<base::Time> taken = TakeAll(row.command, seconds(10));
    EXPECT_LE(MostInOneSecond(taken), row.published) << row.command.action_case();
    // Not needlessly slow either.
    EXPECT_GE(taken.size(), static_cast<std::size_t>(9 * row.published)) << row.published;
  }
}

// What is promised must be what leaves: at the full rate, halved and after a silence that the
// provider asked for.
TEST_F(SpacingTest, ForeseesWhatItThenLetsLeave) {
  const auto expect_foreseen = [this] {
    const provider::LeavingRate rate = spacing_.RateOf(DialCommand(), clock_.Now());
    const std::vector<base::Time> taken = TakeAll(DialCommand(), seconds(5));
    ASSERT_GE(taken.size(), 3U);
    EXPECT_EQ(taken.front(), rate.next);
    const std::chrono::duration<double> length = taken.back() - taken.front();
    EXPECT_NEAR(static_cast<double>(taken.size() - 1) / length.count(), rate.per_second, 0.001);
  };
  expect_foreseen();
  Throttle(DialCommand());
  expect_foreseen();
  Throttle(DialCommand(), seconds(2));
  expect_foreseen();
  internal::v1::Command other = DialCommand();
  other.set_account("none");
  EXPECT_GT(spacing_.RateOf(other, clock_.Now()).per_second, 1e9) << "it will be refused at once";
}

TEST_F(SpacingTest, NeverOverflowsHoweverSmallTheRate) {
  for (const double rate : {1e-300, 1e-14, 1e-6, 0.1}) {
    Rates rates;
    rates.dial = rate;
    Spacing spacing({{"default", rates}}, kStart);
    base::Time now = kStart;
    for (int i = 0; i < 10; ++i) {
      const std::optional<base::Time> next = spacing.TryTake(DialCommand(), now);
      if (!next.has_value()) continue;
      ASSERT_GT(*next, now) << rate;
      // An hour, and its 32 halvings.
      ASSERT_LE(*next - now, std::chrono::hours(32)) << rate;
      now = *next;
    }
  }
}

TEST_F(SpacingTest, IsEmptyAtTheStartAndSavesNothingUp) {
  EXPECT_FALSE(Take(DialCommand()));
  clock_.Advance(std::chrono::hours(1));
  EXPECT_TRUE(Take(DialCommand()));
  EXPECT_FALSE(Take(DialCommand()));
  clock_.Advance(milliseconds(176));
  EXPECT_TRUE(Take(DialCommand()));
}

TEST_F(SpacingTest, TakesBackTheTokenOfWhatDoesNotLeave) {
  clock_.Advance(seconds(1));
  const internal::v1::Command dial = DialCommand();
  ASSERT_TRUE(Take(dial));
  ASSERT_FALSE(Take(dial));
  spacing_.GiveBack(dial);
  EXPECT_TRUE(Take(dial));
  spacing_.GiveBack(AnswerCommand());
  EXPECT_FALSE(Take(dial)) << "the token of another operation";
}

TEST_F(SpacingTest, TakesNoTokenBackThatIsNoLongerTheLastOne) {
  clock_.Advance(seconds(1));
  const internal::v1::Command first = DialCommand();
  internal::v1::Command second = first;
  second.set_number(first.number() + 1);
  ASSERT_TRUE(Take(first));
  clock_.Advance(seconds(1));
  ASSERT_TRUE(Take(second));
  spacing_.GiveBack(first);
  EXPECT_FALSE(Take(first)) << "two would leave at once";
  Throttle(second);
  spacing_.GiveBack(second);
  EXPECT_FALSE(Take(first)) << "the provider has said to wait";
}

TEST_F(SpacingTest, MakesNoOperationWaitForAnother) {
  clock_.Advance(seconds(1));
  EXPECT_TRUE(Take(DialCommand()));
  EXPECT_FALSE(Take(DialCommand()));
  Throttle(DialCommand(), seconds(60));
  for (const internal::v1::Command& command :
       {HangUpCommand(), StopPlayCommand(), AnswerCommand(), CreateConferenceCommand(),
        SayCommand(), MusicCommand(), HangUpConferenceCommand(), LookAtCallCommand(),
        FindDialCommand()}) {
    EXPECT_TRUE(Take(command)) << command.action_case();
  }
}

TEST_F(SpacingTest, CountsARecordedPromptAndMusicTogether) {
  clock_.Advance(seconds(1));
  EXPECT_TRUE(Take(MusicCommand()));
  internal::v1::Command recorded = Command(4);
  recorded.mutable_play_prompt()->mutable_prompt()->mutable_audio()->set_file_id("f1");
  EXPECT_FALSE(Take(recorded));
  EXPECT_TRUE(Take(SayCommand()));
}

TEST_F(SpacingTest, PacesEachAccountByItself) {
  clock_.Advance(seconds(1));
  EXPECT_TRUE(Take(DialCommand()));
  internal::v1::Command second = DialCommand();
  second.set_account("second");
  EXPECT_TRUE(Take(second));
  EXPECT_FALSE(Take(second));
  second.set_account("unheard of");
  EXPECT_TRUE(Take(second));
}

TEST_F(SpacingTest, HalvesTheRateAfterA429AndRestoresItInQuietTime) {
  clock_.Advance(seconds(1));
  ASSERT_TRUE(Take(DialCommand()));
  Throttle(DialCommand());
  const std::vector<base::Time> halved = TakeAll(DialCommand(), seconds(9));
  EXPECT_LE(MostInOneSecond(halved), 3);
  EXPECT_GE(halved.size(), 24U);
  clock_.Advance(seconds(1));
  EXPECT_GE(TakeAll(DialCommand(), seconds(10)).size(), 54U);
}

TEST_F(SpacingTest, TakesBackOneHalvingPerQuietTime) {
  const auto rate = [this] { return spacing_.RateOf(DialCommand(), clock_.Now()).per_second; };
  const double full = rate();
  Throttle(DialCommand());
  clock_.Advance(seconds(1));
  Throttle(DialCommand());
  EXPECT_DOUBLE_EQ(rate(), full / 4);
  clock_.Advance(base::kThrottleQuiet);
  EXPECT_DOUBLE_EQ(rate(), full / 2);
  clock_.Advance(base::kThrottleQuiet);
  EXPECT_DOUBLE_EQ(rate(), full);
}

TEST_F(SpacingTest, HalvesOnceForAnswersOfOneMoment) {
  clock_.Advance(seconds(1));
  ASSERT_TRUE(Take(DialCommand()));
  for (int i = 0; i < 6; ++i) Throttle(DialCommand());
  EXPECT_GE(TakeAll(DialCommand(), seconds(9)).size(), 24U);
}

TEST_F(SpacingTest, SlowsDownFurtherWhileThe429sGoOnButNeverStops) {
  clock_.Advance(seconds(1));
  for (int i = 0; i < 20; ++i) {
    Throttle(DialCommand());
    clock_.Advance(seconds(2));
  }
  const std::vector<base::Time> taken = TakeAll(DialCommand(), seconds(8));
  EXPECT_LE(taken.size(), 2U);
  EXPECT_GE(taken.size(), 1U);
}

TEST_F(SpacingTest, WaitsAsLongAsRetryAfterSays) {
  clock_.Advance(seconds(1));
  ASSERT_TRUE(Take(DialCommand()));
  Throttle(DialCommand(), seconds(7));
  EXPECT_EQ(spacing_.TryTake(DialCommand(), clock_.Now()), clock_.Now() + seconds(7));
}

TEST_F(SpacingTest, LearnsNothingFromOtherAnswers) {
  clock_.Advance(seconds(1));
  ASSERT_TRUE(Take(DialCommand()));
  internal::v1::CommandResult result;
  result.set_verdict(internal::v1::CommandResult::VERDICT_UNKNOWN);
  spacing_.Observe(DialCommand(), result, clock_.Now());
  clock_.Advance(milliseconds(176));
  EXPECT_TRUE(Take(DialCommand()));
}

}  // namespace
}  // namespace callbridge::provider
