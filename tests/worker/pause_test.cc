// A worker that stood still for a while, without a restart: its machine slept, its process was
// stopped, its disk hung.
#include "server/base/log.h"
#include "server/worker/worker.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Input;
using internal::v1::Transition;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class PauseTest : public WorkerTest {
 protected:
  // Each session has a timer five seconds after its start, which ends with the first webhook or
  // when it fires.
  PauseTest() {
    flow_ = [this](const Input& input, Transition& transition) {
      internal::v1::Session& session = *transition.mutable_session();
      session.mutable_greeting();
      stepped_at_.push_back(base::FromTimestamp(input.step_time()));
      if (input.has_start_bridge()) {
        *session.add_timers()->mutable_due_time() = base::ToTimestamp(clock_.Now() + seconds(5));
      } else {
        session.clear_timers();
      }
      for (const internal::v1::Timer& timer : session.timers()) {
        *transition.mutable_wake_time() = timer.due_time();
      }
      if (on_step_) on_step_();
    };
    rounds_apart_ = base::kRoundsApartMax;
    Restart(true);
    EXPECT_TRUE(Settle());
    // The first seconds after the start are over.
    RunFor(base::kTimersWait + seconds(1));
  }

  std::vector<base::Time> stepped_at_;
  std::function<void()> on_step_;
};

TEST_F(PauseTest, LetsWhatWaitedOutsideComeBeforeOverdueTimers) {
  Begin();
  ASSERT_TRUE(Settle());
  Advance(seconds(10));
  const base::LogCapture log;
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge"));
  EXPECT_THAT(log.Lines(), Contains(HasSubstr(R"("event":"worker_paused","pause_s":)")));
  // The webhook was in a socket all the time.
  Append("s_1", "CALL_FINISHED");
  RunFor(base::kTimersWait);
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "provider_event CALL_FINISHED"));
}

TEST_F(PauseTest, LetsOverdueTimersWaitForNoLongerThanThat) {
  Begin();
  ASSERT_TRUE(Settle());
  Advance(seconds(10));
  RunFor(base::kTimersWait - milliseconds(1));
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge"));
  RunFor(milliseconds(1));
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "timer_due"));
}

TEST_F(PauseTest, DelaysNoTimerThatIsDueAfterIt) {
  Begin();
  ASSERT_TRUE(Settle());
  Advance(base::kPauseMin + base::kRoundsApartMax + milliseconds(1));
  RunFor(seconds(2));
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "timer_due"));
}

TEST_F(PauseTest, IsNotSeenInRoundsThatComeInTime) {
  const base::LogCapture log;
  Begin();
  RunFor(seconds(30));
  Advance(base::kPauseMin + base::kRoundsApartMax);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(log.Lines(), Not(Contains(HasSubstr("worker_paused"))));
}

// The ingress holds what the store does not take meanwhile.
TEST_F(PauseTest, OfTheStoreIsOneLikeAnyOther) {
  Begin();
  ASSERT_TRUE(Settle());
  engine_.PowerOff();
  int failed = 0;
  for (int second = 0; second < 10; ++second) {
    Advance(seconds(1));
    failed += worker_->RunOnce().ok() ? 0 : 1;
  }
  EXPECT_GT(failed, 0);
  engine_.PowerOn();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge"));
  RunFor(base::kTimersWait);
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "timer_due"));
}

// A machine that is too slow for its work must not put its timers off for ever.
TEST_F(PauseTest, AfterPauseLetsTimersFireBetween) {
  Begin();
  for (int round = 0; round < 6; ++round) {
    Advance(base::kPauseMin + seconds(2));
    ASSERT_TRUE(worker_->RunOnce().ok());
  }
  EXPECT_THAT(Stepped(), Contains("timer_due"));
}

// What came meanwhile was not loaded, so nothing may be due that was not due when the sessions were
// loaded.
TEST_F(PauseTest, BetweenLoadAndStepMakesNoTimerDue) {
  Begin("s_1");
  Begin("s_2");
  const base::Time loaded = clock_.Now();
  on_step_ = [this] { Advance(seconds(10)); };
  ASSERT_TRUE(worker_->RunOnce().ok());
  EXPECT_THAT(stepped_at_, ElementsAre(loaded, loaded));
}

TEST_F(PauseTest, WithinARoundIsSeenByTheNext) {
  Begin();
  engine_.on_write = [this] { Advance(seconds(10)); };
  ASSERT_TRUE(worker_->RunOnce().ok());
  engine_.on_write = nullptr;
  const base::LogCapture log;
  ASSERT_TRUE(worker_->RunOnce().ok());
  EXPECT_THAT(log.Lines(), Contains(HasSubstr("worker_paused")));
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge"));
}

// More than one round looks at, of two accounts, and second attempts, which all wait apart from
// each other.
TEST_F(PauseTest, IsToldToEverySessionWhoseDialWaitsAndToNoOther) {
  pace_.closed_until[internal::v1::Command::kDialLeg] = clock_.Now() + std::chrono::hours(1);
  flow_ = [](const Input& input, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
    if (!input.has_start_bridge()) return;
    const std::string& name = transition.session().session_id();
    if (name == "s_music") {
      Issue(transition, 1, 1, "caller", Playing);
      return;
    }
    auto& dial = Issue(transition, 1, name == "s_again" ? 2 : 1, "callee-1", Dialing);
    if (name == "s_other") dial.set_account("other");
  };
  std::vector<std::string> names = {"s_again", "s_other"};
  for (int number = 0; number < 3 * base::kRateClassWindow; ++number) {
    names.push_back("s_" + std::to_string(number));
  }
  for (const std::string& name : names) Begin(name);
  Begin("s_music");
  ASSERT_TRUE(Settle());
  Advance(seconds(10));
  ASSERT_TRUE(Settle());
  for (const std::string& name : names) {
    EXPECT_THAT(Stepped(name), ElementsAre("start_bridge", "worker_resumed")) << name;
  }
  EXPECT_THAT(Stepped("s_music"), Not(Contains("worker_resumed")));
}

}  // namespace
}  // namespace callbridge::worker
