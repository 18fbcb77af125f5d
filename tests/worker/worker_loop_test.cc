// The thread around the worker: woken by the store, stopped with a drain.
#include "server/worker/worker_loop.h"

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Transition;

constexpr std::chrono::seconds kPatience{30};

// Keeps what it is to send until the test answers, from the test's thread.
class WaitingProvider final : public client::Provider {
 public:
  void Send(const Command& command, base::Time, Done done) override {
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
      result.set_number(command_.number());
      result.set_attempt(command_.attempt());
      result.set_verdict(CommandResult::VERDICT_DONE);
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

 private:
  absl::Mutex mutex_;
  Command command_ ABSL_GUARDED_BY(mutex_);
  Done done_ ABSL_GUARDED_BY(mutex_);
};

class WorkerLoopTest : public testing::Test {
 protected:
  WorkerLoopTest()
      : store_(store::MakeMemoryStore()),
        worker_(*store_, provider_, pace_, clock_,
                [](const internal::v1::Session& session, const Input& input) {
                  Transition transition;
                  *transition.mutable_session() = session;
                  transition.mutable_session()->mutable_greeting();
                  if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
                  return transition;
                }) {}

  void Begin() {
    store::NewInput input;
    input.session_id = "s_1";
    input.creates_session_id = "s_1";
    input.input.mutable_start_bridge();
    ASSERT_TRUE(store_->AppendInputs({input}, clock_.Now()).ok());
  }

  base::SystemClock clock_;
  std::unique_ptr<store::Store> store_;
  PaceTwin pace_;
  WaitingProvider provider_;
  Worker worker_;
};

TEST_F(WorkerLoopTest, RunsWhenTheStoreHasChangedAndDrainsBeforeItStops) {
  WorkerLoop loop(worker_, *store_, clock_);
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
    WorkerLoop loop(worker_, *store_, clock_);
    Begin();
    ASSERT_TRUE(provider_.WaitForCommand());
    EXPECT_EQ(loop.Stop(std::chrono::milliseconds(1)).code(), absl::StatusCode::kDeadlineExceeded);
  }
  // The answer comes when nobody runs any more: it is stored all the same.
  ASSERT_TRUE(provider_.Answer());
  EXPECT_EQ(store_->InFlightSince(base::Time::max())->size(), 0U);
}

}  // namespace
}  // namespace callbridge::worker
