// The provider is away: how little the breaker and the retry budget let out, and how soon all is
// well again. With the whole server against the simulator, so that what is counted is what the
// provider's door would see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "tests/worker/model_world.h"

namespace callbridge::worker {
namespace {

using provider::Breaker;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kSessions = 30;
constexpr int kManySessions = 120;

bool Always(std::size_t) { return true; }

simulator::Settings Patient() {
  simulator::Settings settings;
  for (const char* who : {"default", "447700900123", "447700900456"}) {
    EXPECT_TRUE(settings.people.Set(who, "answers:1").ok());
  }
  return settings;
}

bool IsLook(const ModelTransport::Attempt& attempt) { return attempt.method == "GET"; }
bool IsHangUp(const ModelTransport::Attempt& attempt) {
  return attempt.target.ends_with("/hangup");
}
bool IsOther(const ModelTransport::Attempt& attempt) {
  return !IsLook(attempt) && !IsHangUp(attempt);
}

int Count(ModelWorld& world, bool (*which)(const ModelTransport::Attempt&)) {
  const auto& attempts = world.transport().attempts;
  return static_cast<int>(std::count_if(attempts.begin(), attempts.end(), which));
}

// How many requests with effects, hangups apart, knock at the door in the first minute of an outage
// that many sessions meet.
int KnocksInAnOutage(bool only_spacing) {
  ModelWorld world({.simulator = Patient(), .only_spacing = only_spacing});
  world.transport().fails = Always;
  for (int i = 0; i < kSessions; ++i) {
    world.StartBridge();
    world.Run(seconds(2));
  }
  return Count(world, IsOther);
}

TEST(Outage, CostsAFewProbesInsteadOfEveryAttemptOfEverySession) {
  const int bare = KnocksInAnOutage(true);
  const int held = KnocksInAnOutage(false);
  RecordProperty("held", held);
  RecordProperty("bare", bare);
  EXPECT_GT(bare, 8 * held);
  // One each few seconds, and those that opened the breaker.
  EXPECT_LE(held, 60 / 2 + base::kBreakerFailures);
  EXPECT_GE(held, 60 / 5) << "a provider that is back must be found";
}

TEST(Outage, IsOverForEverybodyAFewSecondsAfterTheProviderIsBack) {
  ModelWorld world({.simulator = Patient()});
  world.transport().fails = Always;
  world.StartBridge();
  world.Run(seconds(40));
  ASSERT_NE(world.pace()->breaker().state("default", world.now()), Breaker::State::kClosed);
  std::vector<std::string> sessions;
  for (int i = 0; i < 5; ++i) sessions.push_back(world.StartBridge());
  world.Run(seconds(2));
  world.transport().fails = nullptr;
  world.Run(base::kBreakerOpenMax + seconds(1));
  EXPECT_EQ(world.pace()->breaker().state("default", world.now()), Breaker::State::kClosed);
  EXPECT_EQ(world.pace()->breaker().openings(), 1);
  world.Run(seconds(30));
  for (const std::string& session : sessions) {
    EXPECT_TRUE(world.Session(session).has_connected()) << world.Session(session).DebugString();
  }
}

TEST(Outage, HangupsGoOnTryingAndAreTheFirstThatSucceed) {
  ModelWorld world({.simulator = Patient()});
  const std::string session = world.StartBridge();
  world.Run(seconds(30));
  ASSERT_TRUE(world.Session(session).has_connected());
  const int before = Count(world, IsHangUp);
  world.transport().fails = Always;
  // Something else keeps the breaker open.
  world.StartBridge();
  world.Run(seconds(10));
  world.EndSession(session);
  world.Run(seconds(20));
  ASSERT_NE(world.pace()->breaker().state("default", world.now()), Breaker::State::kClosed);
  EXPECT_GT(Count(world, IsHangUp) - before, 6) << "0.5 s doubling, for conference and legs";
  EXPECT_EQ(world.CallsAlive(), 2);
  world.transport().fails = nullptr;
  world.Run(seconds(31));
  EXPECT_EQ(world.CallsAlive(), 0);
}

TEST(Outage, LooksGoOnAndTheirAnswerEndsIt) {
  ModelWorld world({.simulator = Patient()});
  const std::string session = world.StartBridge();
  world.Run(seconds(30));
  ASSERT_TRUE(world.Session(session).has_connected());
  world.transport().fails = Always;
  world.StartBridge();
  world.Run(seconds(20));
  // Long after the other session was given up, the talk is looked at once a minute.
  world.Run(seconds(50));
  const std::int64_t openings = world.pace()->breaker().openings();
  const int looks = Count(world, IsLook);
  world.transport().fails = nullptr;
  world.Run(minutes(1));
  EXPECT_GT(Count(world, IsLook), looks);
  EXPECT_EQ(world.pace()->breaker().state("default", world.now()), Breaker::State::kClosed);
  EXPECT_EQ(world.pace()->breaker().openings(), openings);
  EXPECT_TRUE(world.Session(session).has_connected()) << "an outage ends no talk";
}

TEST(Outage, ErrorsOfTheProviderOpenTheBreakerToo) {
  for (const char* fault : {"error-before", "reset-before"}) {
    ModelWorld world({.simulator = Patient()});
    ASSERT_TRUE(world.model().SetFault(fault, "1").ok());
    for (int i = 0; i < kSessions / 2; ++i) world.StartBridge();
    world.Run(seconds(10));
    EXPECT_EQ(world.pace()->breaker().openings(), 1) << fault;
    EXPECT_LE(Count(world, IsOther), 20) << fault;
    world.model().ClearFaults();
    const std::string session = world.StartBridge();
    world.Run(seconds(45));
    EXPECT_EQ(world.pace()->breaker().state("default", world.now()), Breaker::State::kClosed);
    EXPECT_TRUE(world.Session(session).has_connected()) << fault;
  }
}

// Four of five requests find no connection: never five in a row, so the breaker stays closed, and
// the budget must do.
int FurtherAttempts(bool only_spacing, double* bound) {
  ModelWorld world({.simulator = Patient(), .only_spacing = only_spacing});
  world.transport().fails = [](std::size_t number) { return number % 5 != 0; };
  const base::Time begin = world.now();
  for (int i = 0; i < kManySessions; ++i) world.StartBridge();
  world.Run(seconds(15));
  if (!only_spacing) {
    EXPECT_EQ(world.pace()->breaker().openings(), 0);
    EXPECT_GT(world.pace()->retry_budget().held(), 0);
  }
  const auto& all = world.transport().attempts;
  const double successes = static_cast<double>(all.size()) / 5;
  const double passed = std::chrono::duration<double>(world.now() - begin).count();
  *bound = base::kRetryBudgetMax + base::kRetryBudgetPerSuccess * successes +
           base::kRetryBudgetPerSecond * passed + 1;
  // Each session begins with a first attempt, and a success leads to one more at most.
  return Count(world, IsOther) - kManySessions - static_cast<int>(successes);
}

TEST(Outage, ABadLineIsNotMadeWorseByRepetitions) {
  double bound = 0;
  const int held = FurtherAttempts(false, &bound);
  EXPECT_LE(held, bound);
  double unheld_bound = 0;
  const int bare = FurtherAttempts(true, &unheld_bound);
  EXPECT_GT(bare, 2 * unheld_bound) << "without the budget";
  RecordProperty("held", held);
  RecordProperty("bare", bare);
}

}  // namespace
}  // namespace callbridge::worker
