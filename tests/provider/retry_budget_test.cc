#include "server/provider/retry_budget.h"

#include <gtest/gtest.h>

#include <chrono>

#include "server/base/clock.h"
#include "server/provider/provider_pace.h"
#include "tests/provider/commands.h"
#include "tests/provider/open_pace.h"

namespace callbridge::provider {
namespace {

using internal::v1::CommandResult;
using std::chrono::milliseconds;
using std::chrono::seconds;

internal::v1::Command Again(internal::v1::Command command, int attempt = 2) {
  command.set_attempt(attempt);
  return command;
}

CommandResult Done() {
  CommandResult result;
  result.set_verdict(CommandResult::VERDICT_DONE);
  result.set_http_status(200);
  return result;
}

class RetryBudgetTest : public ::testing::Test {
 protected:
  std::optional<base::Time> Ask(const internal::v1::Command& command) {
    return budget_.TryTake(command, clock_.Now());
  }
  bool Take(const internal::v1::Command& command) { return !Ask(command).has_value(); }
  void Spend() {
    for (int i = 0; i < base::kRetryBudgetMax; ++i) {
      ASSERT_TRUE(Take(Again(AnswerCommand()))) << i;
    }
  }
  void Succeed(int times) {
    for (int i = 0; i < times; ++i) budget_.Observe(DialCommand(), Done(), clock_.Now());
  }
  double balance() { return budget_.balance("default", clock_.Now()); }

  base::ManualClock clock_{kStart};
  OpenPace inner_;
  RetryBudget budget_{inner_, kStart};
};

TEST_F(RetryBudgetTest, FirstAttemptsCostNothing) {
  Spend();
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(Take(DialCommand()));
  EXPECT_EQ(balance(), 0);
}

TEST_F(RetryBudgetTest, FurtherAttemptsWaitWhenItIsSpent) {
  Spend();
  const std::optional<base::Time> next = Ask(Again(DialCommand(), 3));
  EXPECT_EQ(next, kStart + seconds(1)) << "one each second in any case";
  EXPECT_EQ(budget_.held(), 1);
  clock_.Set(*next);
  EXPECT_TRUE(Take(Again(DialCommand(), 3)));
  EXPECT_FALSE(Take(Again(AnswerCommand())));
}

TEST_F(RetryBudgetTest, TenSuccessesPayForOneMoreAttempt) {
  Spend();
  Succeed(9);
  EXPECT_FALSE(Take(Again(DialCommand())));
  Succeed(1);
  EXPECT_TRUE(Take(Again(DialCommand())));
  EXPECT_FALSE(Take(Again(DialCommand())));
}

TEST_F(RetryBudgetTest, FailuresEarnNothing) {
  Spend();
  for (const auto verdict : {CommandResult::VERDICT_REFUSED, CommandResult::VERDICT_NOT_SENT,
                             CommandResult::VERDICT_THROTTLED, CommandResult::VERDICT_UNKNOWN}) {
    CommandResult result;
    result.set_verdict(verdict);
    for (int i = 0; i < 20; ++i) budget_.Observe(DialCommand(), result, clock_.Now());
  }
  EXPECT_EQ(balance(), 0);
  EXPECT_EQ(inner_.observed, 80) << "the pace below learns from every answer";
}

TEST_F(RetryBudgetTest, NothingIsSavedBeyondTheLimit) {
  Succeed(10'000);
  clock_.Advance(std::chrono::hours(10));
  EXPECT_EQ(balance(), base::kRetryBudgetMax);
  Spend();
  EXPECT_FALSE(Take(Again(DialCommand())));
}

TEST_F(RetryBudgetTest, HangupsStopPlaysAndLooksCostNothing) {
  Spend();
  for (const auto& command : {HangUpCommand(), HangUpConferenceCommand(), StopPlayCommand(),
                              LookAtCallCommand(), FindDialCommand()}) {
    EXPECT_TRUE(Take(Again(command, 9))) << command.DebugString();
  }
}

TEST_F(RetryBudgetTest, WhatTheSpacingHoldsBackCostsNothing) {
  inner_.closed_until = kStart + milliseconds(5);
  EXPECT_EQ(Ask(Again(DialCommand())), inner_.closed_until);
  EXPECT_EQ(balance(), base::kRetryBudgetMax);
}

TEST_F(RetryBudgetTest, WhatDoesNotLeaveCostsNothing) {
  Spend();
  budget_.GiveBack(DialCommand());
  EXPECT_FALSE(Take(Again(DialCommand()))) << "a first attempt had cost nothing";
  budget_.GiveBack(Again(DialCommand()));
  EXPECT_EQ(balance(), 1);
  EXPECT_TRUE(Take(Again(DialCommand())));
  EXPECT_EQ(inner_.given_back.size(), 2U) << "the spacing is told as well";
}

TEST_F(RetryBudgetTest, AccountsHaveBudgetsOfTheirOwn) {
  Spend();
  internal::v1::Command other = Again(DialCommand());
  other.set_account("second");
  EXPECT_TRUE(Take(other));
}

TEST(MakePace, AsksTheBreakerThenTheBudgetThenTheSpacing) {
  const auto pace = MakePace({{"default", {}}}, kStart);
  const base::Time now = kStart + seconds(1);
  CommandResult away;
  away.set_verdict(CommandResult::VERDICT_NOT_SENT);
  away.mutable_error()->set_name("NETWORK");
  for (int i = 0; i < base::kBreakerFailures; ++i) pace->Observe(DialCommand(), away, now);
  EXPECT_EQ(pace->breaker().state("default", now), Breaker::State::kOpen);
  EXPECT_GT(pace->TryTake(Again(DialCommand()), now), now);
  EXPECT_EQ(pace->retry_budget().balance("default", now), base::kRetryBudgetMax)
      << "what the breaker holds back costs nothing";
  EXPECT_EQ(pace->TryTake(HangUpCommand(), now), std::nullopt);
  EXPECT_GT(pace->TryTake(HangUpCommand(), now), now) << "but its rate holds";

  pace->Observe(DialCommand(), Done(), now);
  EXPECT_EQ(pace->TryTake(Again(DialCommand()), now), std::nullopt);
  EXPECT_EQ(pace->retry_budget().balance("default", now), base::kRetryBudgetMax - 1);
}

}  // namespace
}  // namespace callbridge::provider
