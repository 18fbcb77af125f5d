// The first rounds of a worker: what it takes over from the run before, and what it leaves for
// later.
#include "server/base/log.h"
#include "server/worker/worker.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Input;
using internal::v1::Transition;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class StartTest : public WorkerTest {
 protected:
  StartTest() {
    flow_ = [](const Input& input, Transition& transition) {
      if (input.has_condemned()) {
        transition.mutable_session()->mutable_ended();
      } else {
        transition.mutable_session()->mutable_greeting();
      }
      if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
    };
  }

  // A session that two servers marked and did not step to an end.
  void LeaveMarks() {
    Begin();
    for (int mark = 0; mark < 2; ++mark) ASSERT_TRUE(store_->MarkStepping("s_1").ok());
  }

  // The run begins, and what is in flight cannot be forgotten.
  void FailTheFirstRound() {
    engine_.Plan({.after_writes = 1});
    ASSERT_FALSE(worker_->RunOnce().ok());
    engine_.PowerOn();
  }
};

TEST_F(StartTest, ACrashIsNotForgottenBecauseTheFirstRoundFailed) {
  ASSERT_TRUE(Settle());
  LeaveMarks();
  Restart();
  FailTheFirstRound();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), Contains("condemned"));
}

TEST_F(StartTest, AFirstRoundThatFailedIsNoCrash) {
  ASSERT_TRUE(Settle());
  LeaveMarks();
  Restart(true);
  FailTheFirstRound();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1"));
}

TEST_F(StartTest, TellsOperatorsWhatBecameUnknown) {
  Begin();
  ASSERT_TRUE(Settle());
  Restart();
  const base::LogCapture log;
  ASSERT_TRUE(Settle());
  EXPECT_THAT(
      log.Lines(),
      Contains(HasSubstr(R"("alone":true,"after_crash":true,"unknown_commands":1)")).Times(1));
  options_.alone = false;
  Restart();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(
      log.Lines(),
      Contains(HasSubstr(R"("alone":false,"after_crash":false,"unknown_commands":0)")).Times(1));
}

TEST_F(StartTest, TellsOperatorsOnceAndOfAllTriesToBegin) {
  pace_.closed_until[internal::v1::Command::kDialLeg] = kStart + std::chrono::hours(1);
  flow_ = [](const Input& input, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
    if (!input.has_start_bridge()) return;
    Issue(transition, 1, 1, "caller", Answering);
    Issue(transition, 2, 1, "callee-1", Dialing);
  };
  Begin();
  ASSERT_TRUE(Settle());
  ASSERT_THAT(provider_.sent(), ElementsAre(1));
  Restart();
  const base::LogCapture log;
  // The run begins, what is in flight is forgotten, and the session is not told that it waited.
  engine_.Plan({.after_writes = 2});
  ASSERT_FALSE(worker_->RunOnce().ok());
  EXPECT_THAT(log.Lines(), Not(Contains(HasSubstr("worker_started"))));
  engine_.PowerOn();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(
      log.Lines(),
      Contains(HasSubstr(R"("alone":true,"after_crash":true,"unknown_commands":1)")).Times(1));
  EXPECT_THAT(log.Lines(), Contains(HasSubstr("worker_started")).Times(1));
}

TEST_F(StartTest, CallsThatWaitedComeBeforeTheHousekeeping) {
  store::NewInput foreign;
  foreign.call_id = "unknown";
  foreign.input.mutable_provider_event();
  ASSERT_TRUE(store_->AppendInputs({foreign}, clock_.Now()).ok());
  Advance(base::kParkedAge + seconds(1));
  ASSERT_TRUE(Settle());
  EXPECT_EQ(store_->Count()->parked, 1);
  RunFor(base::kMaintainInterval);
  EXPECT_EQ(store_->Count()->parked, 0);
}

TEST_F(StartTest, AlsoInTheFirstSecondsOneRoundStepsOneBatch) {
  for (int number = 0; number <= base::kStepBatchMax; ++number) {
    Begin("s_" + std::to_string(number));
  }
  // Nothing is taken, so that only what was not stepped waits.
  worker_->StopTaking();
  ASSERT_TRUE(worker_->RunOnce().ok());
  EXPECT_EQ(store_->Count()->waiting_inputs, 1);
  ASSERT_TRUE(Settle());
  EXPECT_EQ(store_->Count()->waiting_inputs, 0);
}

TEST_F(StartTest, ATimerThatIsDueAtTheMomentOfTheStartIsNotOverdue) {
  const base::Time restart = kStart + std::chrono::hours(1);
  flow_ = [restart](const Input& input, Transition& transition) {
    internal::v1::Session& session = *transition.mutable_session();
    session.mutable_greeting();
    session.clear_timers();
    if (!input.has_start_bridge()) return;
    *session.add_timers()->mutable_due_time() = base::ToTimestamp(restart);
    *transition.mutable_wake_time() = base::ToTimestamp(restart);
  };
  Begin();
  ASSERT_TRUE(Settle());
  clock_.Set(restart);
  Restart(true);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "timer_due"));
}

}  // namespace
}  // namespace callbridge::worker
