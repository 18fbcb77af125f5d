// The thread around the worker: woken by the store, stopped with a drain.
#include "server/worker/worker_loop.h"

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <absl/time/time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <new>
#include <string>
#include <string_view>

#include "server/base/log.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Transition;
using std::chrono::milliseconds;
using ::testing::Each;

constexpr std::chrono::seconds kPatience{30};

// Keeps what it is to send until the test answers, from the test's thread. Or answers at once.
class WaitingProvider final : public provider::Provider {
 public:
  void Send(const Command& command, base::Time, Done done) override {
    if (at_once) return done(Answered(command));
    absl::MutexLock lock(&mutex_);
    command_ = command;
    done_ = std::move(done);
  }

  // Waits for a command, then answers it.
  bool Answer() {
    Done done;
    CommandResult result;
    {
      const auto sent = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return done_ != nullptr; };
      absl::MutexLock lock(&mutex_);
      if (!mutex_.AwaitWithTimeout(absl::Condition(&sent), absl::FromChrono(kPatience))) {
        return false;
      }
      result = Answered(command_);
      std::swap(done, done_);
    }
    done(result);
    return true;
  }

  bool WaitForCommand() {
    const auto sent = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return done_ != nullptr; };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&sent), absl::FromChrono(kPatience));
  }

  // Set before the loop begins.
  bool at_once = false;

 private:
  static CommandResult Answered(const Command& command) {
    CommandResult result;
    result.set_number(command.number());
    result.set_attempt(command.attempt());
    result.set_verdict(CommandResult::VERDICT_DONE);
    return result;
  }

  absl::Mutex mutex_;
  Command command_ ABSL_GUARDED_BY(mutex_);
  Done done_ ABSL_GUARDED_BY(mutex_);
};

// The loop asks for the time once after each round that went well, and nobody else asks this one.
class RoundCounter final : public base::Clock {
 public:
  base::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    ++rounds_;
    return clock_.Now();
  }

  int rounds() const {
    absl::MutexLock lock(&mutex_);
    return rounds_;
  }

  bool WaitForRound() const {
    const auto reached = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return rounds_ > 0; };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::FromChrono(kPatience));
  }

 private:
  const base::ServiceClock clock_{};
  mutable absl::Mutex mutex_;
  mutable int rounds_ ABSL_GUARDED_BY(mutex_) = 0;
};

class WorkerLoopTest : public testing::Test {
 protected:
  WorkerLoopTest()
      : store_(MakeStoreOn(engine_)),
        worker_(*store_, provider_, pace_, clock_,
                [this](const internal::v1::Session& session, const Input& input) {
                  Transition transition;
                  *transition.mutable_session() = session;
                  transition.mutable_session()->mutable_greeting();
                  flow_(input, transition);
                  return transition;
                },
                {.timers_wait = {}}) {}

  // In one change of the store.
  void Begin(int sessions = 1) {
    std::vector<store::NewInput> inputs(static_cast<std::size_t>(sessions));
    for (store::NewInput& input : inputs) {
      input.session_id = "s_" + std::to_string(++begun_);
      input.creates_session_id = input.session_id;
      input.input.mutable_start_bridge();
    }
    ASSERT_TRUE(store_->AppendInputs(inputs, clock_.Now()).ok());
  }

  base::ServiceClock clock_;
  RoundCounter rounds_;
  FaultyEngine engine_;
  std::unique_ptr<store::Store> store_;
  PaceTwin pace_;
  WaitingProvider provider_;
  int begun_ = 0;
  std::function<void(const Input&, Transition&)> flow_ = [](const Input& input,
                                                            Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
  };
  Worker worker_;
};

TEST_F(WorkerLoopTest, RunsWhenTheStoreHasChangedAndDrainsBeforeItStops) {
  WorkerLoop loop(worker_, *store_, rounds_);
  ASSERT_TRUE(rounds_.WaitForRound());
  Begin();
  ASSERT_TRUE(provider_.WaitForCommand());
  absl::Status stopped;
  std::jthread stopping([&] { stopped = loop.Stop(kPatience); });
  ASSERT_TRUE(provider_.Answer());
  stopping.join();
  EXPECT_TRUE(stopped.ok()) << stopped;
  EXPECT_EQ(store_->ReadInputs("s_1")->size(), 3U) << "the result was stepped as well";
  EXPECT_EQ(store_->Count()->waiting_inputs, 0);
  EXPECT_FALSE(*store_->BeginRun()) << "the end was orderly";
}

TEST_F(WorkerLoopTest, StopsAtTheDeadlineWhateverIsInFlight) {
  {
    WorkerLoop loop(worker_, *store_, rounds_);
    Begin();
    ASSERT_TRUE(provider_.WaitForCommand());
    const absl::Status end = loop.Stop(milliseconds(1));
    EXPECT_EQ(end.code(), absl::StatusCode::kDeadlineExceeded);
    EXPECT_THAT(end.message(), testing::HasSubstr("1 commands were still in flight"));
  }
  // The answer comes when nobody runs any more: it is stored all the same.
  ASSERT_TRUE(provider_.Answer());
  EXPECT_EQ(store_->InFlightSince(base::Time::max())->size(), 0U);
}

TEST_F(WorkerLoopTest, AnAnswerDoesNotWaitForADiskThatIsBusy) {
  absl::Notification writing;
  absl::Notification written;
  std::atomic<bool> next_waits = false;
  engine_.on_write = [&] {
    if (!next_waits.exchange(false)) return;
    writing.Notify();
    written.WaitForNotification();
  };
  WorkerLoop loop(worker_, *store_, rounds_);
  Begin();
  ASSERT_TRUE(provider_.WaitForCommand());
  next_waits = true;
  std::jthread writer([this] { Begin(); });
  writing.WaitForNotification();
  // If it waited, this would never return.
  EXPECT_TRUE(provider_.Answer());
  written.Notify();
  writer.join();
  EXPECT_TRUE(loop.Stop(kPatience).ok());
  EXPECT_EQ(store_->InFlightSince(base::Time::max())->size(), 0U);
}

TEST_F(WorkerLoopTest, SleepsUntilATimerIsDueAndRunsThen) {
  absl::Notification fired;
  flow_ = [&fired](const Input& input, Transition& transition) {
    if (input.has_timer_due()) fired.Notify();
    if (!input.has_start_bridge()) return;
    const base::Time due = base::FromTimestamp(input.step_time()) + milliseconds(50);
    *transition.mutable_session()->add_timers()->mutable_due_time() = base::ToTimestamp(due);
    *transition.mutable_wake_time() = base::ToTimestamp(due);
  };
  const WorkerLoop loop(worker_, *store_, rounds_);
  Begin();
  ASSERT_TRUE(fired.WaitForNotificationWithTimeout(absl::FromChrono(kPatience)));
  EXPECT_LT(rounds_.rounds(), 20) << "it does not spin";
}

TEST_F(WorkerLoopTest, TriesAgainAfterAFailureOfTheStoreAndGivesItTime) {
  const base::LogCapture log;
  absl::Mutex mutex;
  std::vector<base::Time> tries;
  engine_.on_write = [&] {
    absl::MutexLock lock(&mutex);
    tries.push_back(clock_.Now());
  };
  engine_.PowerOff();
  WorkerLoop loop(worker_, *store_, rounds_);
  {
    const auto twice = [&tries] { return tries.size() >= 2; };
    absl::MutexLock lock(&mutex);
    ASSERT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&twice), absl::FromChrono(kPatience)));
    EXPECT_GE(tries[1] - tries[0], milliseconds(100));
  }
  engine_.PowerOn();
  Begin();
  EXPECT_TRUE(provider_.WaitForCommand());
}

TEST_F(WorkerLoopTest, TellsOnceASecondThatTheStoreIsAwayHoweverManyRoundsFail) {
  const base::LogCapture log;
  const base::Time begin = clock_.Now();
  absl::Mutex mutex;
  int rounds = 0;
  engine_.on_write = [&] {
    absl::MutexLock lock(&mutex);
    ++rounds;
  };
  engine_.PowerOff();
  {
    const WorkerLoop loop(worker_, *store_, rounds_);
    const auto some = [&rounds] { return rounds >= 4; };
    absl::MutexLock lock(&mutex);
    ASSERT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&some), absl::FromChrono(kPatience)));
  }
  int lines = 0;
  int told = 0;
  for (const std::string& line : log.Lines()) {
    const std::string_view count = R"("count":)";
    const std::size_t place = line.find(count);
    if (line.find(R"("worker_round_failed","reason":"UNAVAILABLE")") == std::string::npos) continue;
    ++lines;
    if (place != std::string::npos) told += std::stoi(line.substr(place + count.size()));
  }
  EXPECT_GE(told, 4) << "the last ones are told at the end";
  // The first at once, one a second, and what is left at the end.
  EXPECT_LE(lines, 2 + std::chrono::floor<std::chrono::seconds>(clock_.Now() - begin).count());
}

TEST_F(WorkerLoopTest, WhatWasStoredBeforeTheStopIsSteppedBeforeItsEnd) {
  flow_ = [](const Input&, Transition&) {};
  // The moment in which the loop is called and has not yet come is short: one of many stops falls
  // into it.
  for (int stops = 0; stops < 100; ++stops) {
    const RoundCounter rounds;
    WorkerLoop loop(worker_, *store_, rounds);
    ASSERT_TRUE(rounds.WaitForRound());
    Begin();
    EXPECT_TRUE(loop.Stop(kPatience).ok());
    EXPECT_EQ(store_->Count()->waiting_inputs, 0);
  }
}

TEST_F(WorkerLoopTest, ARoundThatIsNotOverIsNoEndOfTheDrain) {
  constexpr int kSessions = 2 * base::kStepBatchMax + 1;
  const base::Time due = clock_.Now() + milliseconds(50);
  absl::Notification stepping;
  absl::Notification stopped;
  int fired = 0;
  flow_ = [&](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) {
      *transition.mutable_session()->add_timers()->mutable_due_time() = base::ToTimestamp(due);
      *transition.mutable_wake_time() = base::ToTimestamp(due);
      return;
    }
    if (++fired > 1) return;
    // The first of several batches begins after a rest, and is slow: time enough to stop too early.
    stepping.Notify();
    stopped.WaitForNotificationWithTimeout(absl::Milliseconds(20));
  };
  WorkerLoop loop(worker_, *store_, rounds_);
  Begin(kSessions);
  stepping.WaitForNotification();
  EXPECT_TRUE(loop.Stop(kPatience).ok());
  stopped.Notify();
  EXPECT_EQ(fired, kSessions);
}

TEST_F(WorkerLoopTest, NothingRunsAnyMoreWhenItHasStopped) {
  absl::Notification stepping;
  absl::Notification stopped;
  bool stopped_meanwhile = false;
  flow_ = [&](const Input&, Transition&) {
    stepping.Notify();
    stopped_meanwhile = stopped.WaitForNotificationWithTimeout(absl::Milliseconds(50));
  };
  WorkerLoop loop(worker_, *store_, rounds_);
  Begin();
  stepping.WaitForNotification();
  const absl::Status end = loop.Stop(milliseconds(1));
  EXPECT_EQ(end.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(end.message(), testing::HasSubstr("no command is in flight"));
  stopped.Notify();
  EXPECT_FALSE(stopped_meanwhile) << "the step was not over";
  EXPECT_EQ(store_->Count()->waiting_inputs, 0) << "what was stepped is durable";
}

TEST_F(WorkerLoopTest, LetsNoCommandLeaveWhileItDrains) {
  provider_.at_once = true;
  absl::Notification goes_on;
  // A session that has always one more command to send.
  flow_ = [&goes_on](const Input& input, Transition& transition) {
    if (!input.has_start_bridge() && !input.has_command_result()) return;
    const int number = input.command_result().number() + 1;
    Issue(transition, number, 1, "caller", Answering);
    if (number == 5) goes_on.Notify();
  };
  WorkerLoop loop(worker_, *store_, rounds_);
  Begin();
  ASSERT_TRUE(goes_on.WaitForNotificationWithTimeout(absl::FromChrono(kPatience)));
  EXPECT_TRUE(loop.Stop(std::chrono::seconds(2)).ok());
  EXPECT_EQ(worker_.in_flight(), 0);
  EXPECT_EQ(store_->PendingCommands(clock_.Now(), 10)->size(), 1U);
}

TEST_F(WorkerLoopTest, EndsAtOnceAndTheStoreDoesNotCallItAnyMore) {
  alignas(WorkerLoop) std::array<std::byte, sizeof(WorkerLoop)> memory;
  auto* const loop = new (memory.data()) WorkerLoop(worker_, *store_, rounds_);
  ASSERT_TRUE(rounds_.WaitForRound());
  loop->~WorkerLoop();
  // Whoever called it now would leave a trace where it was.
  memory.fill(std::byte{});
  Begin();
  EXPECT_THAT(memory, Each(std::byte{}));
}

}  // namespace
}  // namespace callbridge::worker
