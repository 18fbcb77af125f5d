#include "server/provider/breaker.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "server/base/clock.h"
#include "server/base/limits.h"
#include "server/base/log.h"
#include "tests/provider/commands.h"
#include "tests/provider/open_pace.h"

namespace callbridge::provider {
namespace {

using internal::v1::CommandResult;
using std::chrono::milliseconds;
using std::chrono::seconds;

CommandResult Answered(int status) {
  CommandResult result;
  result.set_http_status(status);
  result.set_verdict(status / 100 == 2   ? CommandResult::VERDICT_DONE
                     : status == 429     ? CommandResult::VERDICT_THROTTLED
                     : status / 100 == 4 ? CommandResult::VERDICT_REFUSED
                                         : CommandResult::VERDICT_UNKNOWN);
  return result;
}

CommandResult Unanswered(CommandResult::Verdict verdict, const std::string& name = "NETWORK") {
  CommandResult result;
  result.set_verdict(verdict);
  result.mutable_error()->set_name(name);
  return result;
}

CommandResult NotConnected() { return Unanswered(CommandResult::VERDICT_NOT_SENT); }

class BreakerTest : public ::testing::Test {
 protected:
  // The moment to ask again; absent: it may leave.
  std::optional<base::Time> Ask(const internal::v1::Command& command) {
    return breaker_.TryTake(command, clock_.Now());
  }
  bool Take(const internal::v1::Command& command) { return !Ask(command).has_value(); }
  void Tell(const internal::v1::Command& command, const CommandResult& result) {
    breaker_.Observe(command, result, clock_.Now());
  }
  void Fail(int times, const CommandResult& result = NotConnected()) {
    for (int i = 0; i < times; ++i) Tell(AnswerCommand(), result);
  }
  Breaker::State state() { return breaker_.state("default", clock_.Now()); }
  // Until a probe may leave.
  base::Duration Wait() {
    const std::optional<base::Time> next = Ask(DialCommand());
    EXPECT_TRUE(next.has_value());
    const base::Duration wait = next.value_or(clock_.Now()) - clock_.Now();
    clock_.Advance(wait);
    return wait;
  }

  base::ManualClock clock_{kStart};
  OpenPace inner_;
  Breaker breaker_{inner_, 7};
};

TEST_F(BreakerTest, OpensAfterFailuresInARowThatSayThatTheProviderIsAway) {
  for (const CommandResult& failure :
       {NotConnected(), Unanswered(CommandResult::VERDICT_UNKNOWN), Answered(500), Answered(503)}) {
    Breaker breaker(inner_, 7);
    for (int i = 1; i < base::kBreakerFailures; ++i) {
      breaker.Observe(AnswerCommand(), failure, kStart);
    }
    EXPECT_EQ(breaker.state("default", kStart), Breaker::State::kClosed);
    EXPECT_EQ(breaker.TryTake(DialCommand(), kStart), std::nullopt);
    breaker.Observe(AnswerCommand(), failure, kStart);
    EXPECT_EQ(breaker.state("default", kStart), Breaker::State::kOpen) << failure.DebugString();
    EXPECT_GT(breaker.TryTake(DialCommand(), kStart), kStart);
    EXPECT_EQ(breaker.held(), 1);
  }
}

TEST_F(BreakerTest, AnyAnswerInBetweenStartsTheCountAnew) {
  for (const int status : {200, 404, 400, 401, 429}) {
    Fail(base::kBreakerFailures - 1);
    Tell(LookAtCallCommand(), Answered(status));
    Fail(base::kBreakerFailures - 1);
    EXPECT_EQ(state(), Breaker::State::kClosed) << status;
    Tell(AnswerCommand(), Answered(200));
  }
}

TEST_F(BreakerTest, WhatWasNeverTriedSaysNothing) {
  Fail(base::kBreakerFailures - 1);
  for (const char* name : {"SEND_BY_PASSED", "TOO_MANY_IN_FLIGHT", "STOPPED"}) {
    Fail(base::kBreakerFailures, Unanswered(CommandResult::VERDICT_NOT_SENT, name));
  }
  EXPECT_EQ(state(), Breaker::State::kClosed);
  Fail(1);
  EXPECT_EQ(state(), Breaker::State::kOpen) << "nor does it break the row";
}

TEST_F(BreakerTest, HangupsStopPlaysAndLooksNeverWait) {
  Fail(base::kBreakerFailures);
  for (const auto& command : {HangUpCommand(), HangUpConferenceCommand(), StopPlayCommand(),
                              LookAtCallCommand(), FindDialCommand()}) {
    EXPECT_TRUE(Take(command)) << command.DebugString();
  }
  for (const auto& command :
       {AnswerCommand(), CreateConferenceCommand(), DialCommand(), SayCommand(), MusicCommand()}) {
    EXPECT_FALSE(Take(command)) << command.DebugString();
  }
  EXPECT_EQ(inner_.taken.size(), 5U) << "what is held back takes no token";
}

TEST_F(BreakerTest, LetsOneProbeThroughAtATime) {
  Fail(base::kBreakerFailures);
  Wait();
  EXPECT_EQ(state(), Breaker::State::kProbing);
  EXPECT_TRUE(Take(AnswerCommand()));
  const std::optional<base::Time> next = Ask(DialCommand());
  EXPECT_EQ(next, clock_.Now() + base::kBreakerProbeInterval);
  // Its answer never comes: the next one goes all the same.
  clock_.Set(*next);
  EXPECT_TRUE(Take(DialCommand()));
  EXPECT_FALSE(Take(SayCommand()));
}

TEST_F(BreakerTest, AProbeThatDoesNotLeaveIsNone) {
  Fail(base::kBreakerFailures);
  Wait();
  const internal::v1::Command probe = DialCommand();
  ASSERT_TRUE(Take(probe));
  ASSERT_FALSE(Take(probe));
  breaker_.GiveBack(AnswerCommand());
  ASSERT_FALSE(Take(probe)) << "another command was no probe";
  breaker_.GiveBack(probe);
  EXPECT_TRUE(Take(probe));
  EXPECT_EQ(inner_.given_back.size(), 2U) << "the pace below is told as well";
}

TEST_F(BreakerTest, AProbeThatTheSpacingHoldsBackIsNone) {
  Fail(base::kBreakerFailures);
  Wait();
  inner_.closed_until = clock_.Now() + seconds(1);
  EXPECT_EQ(Ask(AnswerCommand()), inner_.closed_until);
  inner_.closed_until.reset();
  EXPECT_TRUE(Take(DialCommand()));
}

TEST_F(BreakerTest, ClosesWithTheFirstAnswerOfAnybody) {
  for (const internal::v1::Command& command :
       {DialCommand(), LookAtCallCommand(), HangUpCommand()}) {
    Fail(base::kBreakerFailures);
    ASSERT_EQ(state(), Breaker::State::kOpen);
    Tell(command, Answered(404));
    EXPECT_EQ(state(), Breaker::State::kClosed);
    EXPECT_TRUE(Take(DialCommand()));
    EXPECT_TRUE(Take(SayCommand()));
  }
  EXPECT_EQ(breaker_.openings(), 3);
}

TEST_F(BreakerTest, StaysOpenLongerAfterEachFailedProbeUpToALimit) {
  Fail(base::kBreakerFailures);
  base::Duration longest = base::kBreakerOpenMin;
  for (int probe = 0; probe < 8; ++probe) {
    const base::Duration wait = Wait();
    EXPECT_GE(wait, longest / 2);
    EXPECT_LE(wait, longest);
    ASSERT_TRUE(Take(DialCommand()));
    clock_.Advance(milliseconds(100));
    Tell(DialCommand(), NotConnected());
    longest = std::min<base::Duration>(longest * 2, base::kBreakerOpenMax);
  }
  EXPECT_EQ(breaker_.openings(), 1) << "one outage";
  EXPECT_EQ(longest, base::kBreakerOpenMax);
  // And briefly again when it opens the next time.
  Tell(DialCommand(), Answered(200));
  Fail(base::kBreakerFailures);
  EXPECT_LE(Wait(), base::kBreakerOpenMin);
}

TEST_F(BreakerTest, LateFailuresOfCommandsThatLeftBeforeSayNothingNew) {
  Fail(base::kBreakerFailures);
  const std::optional<base::Time> before = Ask(DialCommand());
  Fail(20, Unanswered(CommandResult::VERDICT_UNKNOWN));
  EXPECT_EQ(Ask(DialCommand()), before);
}

TEST_F(BreakerTest, TheSameSeedGivesTheSameJitterAndAnotherOneAnother) {
  const auto waits = [this](std::uint64_t seed) {
    Breaker breaker(inner_, seed);
    std::vector<base::Duration> found;
    base::Time now = kStart;
    for (int i = 0; i < base::kBreakerFailures; ++i) {
      breaker.Observe(DialCommand(), NotConnected(), now);
    }
    for (int probe = 0; probe < 5; ++probe) {
      const base::Time next = breaker.TryTake(DialCommand(), now).value_or(now);
      found.push_back(next - now);
      now = next;
      EXPECT_EQ(breaker.TryTake(DialCommand(), now), std::nullopt);
      breaker.Observe(DialCommand(), NotConnected(), now);
    }
    return found;
  };
  EXPECT_EQ(waits(1), waits(1));
  EXPECT_NE(waits(1), waits(2));
}

TEST_F(BreakerTest, AccountsHaveCircuitsOfTheirOwn) {
  Fail(base::kBreakerFailures);
  internal::v1::Command other = DialCommand();
  other.set_account("second");
  EXPECT_TRUE(Take(other));
  Tell(other, Answered(200));
  EXPECT_EQ(state(), Breaker::State::kOpen);
}

TEST_F(BreakerTest, TellsOfOpeningAndClosingOnceEach) {
  base::LogCapture log;
  Fail(base::kBreakerFailures + 5);
  Wait();
  ASSERT_TRUE(Take(DialCommand()));
  Tell(DialCommand(), NotConnected());
  Tell(DialCommand(), Answered(200));
  Tell(DialCommand(), Answered(200));
  const std::vector<std::string> lines = log.Lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].find("provider_breaker_opened"), std::string::npos);
  EXPECT_NE(lines[1].find("provider_breaker_closed"), std::string::npos);
}

TEST_F(BreakerTest, ThePaceBelowLearnsFromEveryAnswer) {
  Tell(DialCommand(), Answered(429));
  Tell(DialCommand(), NotConnected());
  EXPECT_EQ(inner_.observed, 2);
}

}  // namespace
}  // namespace callbridge::provider
