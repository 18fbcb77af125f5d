// Several workers on one store, what a dead one left behind, and timers right after a start.
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Transition;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr base::Duration kInFlightMax = base::kProviderRequestTimeout + base::kInFlightGrace;

class ReplicasTest : public WorkerTest {
 protected:
  ReplicasTest() {
    flow_ = [](const Input& input, Transition& transition) {
      transition.mutable_session()->mutable_greeting();
      if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
    };
  }

  void BecomeOneOfSeveral() {
    options_.alone = false;
    Restart();
  }
  std::size_t InFlight() { return store_->InFlightSince(base::Time::max())->size(); }
};

TEST_F(ReplicasTest, LeavesAloneWhatOthersHaveInFlight) {
  BecomeOneOfSeveral();
  Begin();
  ASSERT_TRUE(Settle());
  ASSERT_THAT(provider_.sent(), ElementsAre(1));
  const std::unique_ptr<Worker> other = std::move(worker_);
  worker_ = MakeWorker(options_);
  RunFor(base::kProviderRequestTimeout);
  EXPECT_EQ(InFlight(), 1U);
  provider_.Answer(1, CommandResult::VERDICT_DONE);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1", "command_result 1 DONE"));
}

TEST_F(ReplicasTest, GivesUpInTimeWhatADeadOneLeftInFlight) {
  BecomeOneOfSeveral();
  Begin();
  ASSERT_TRUE(Settle());
  // The one that sent it is gone, and this one has never heard of it.
  worker_ = MakeWorker(options_);
  RunFor(base::kProviderRequestTimeout);
  EXPECT_EQ(InFlight(), 1U) << "its sender may still live";
  RunFor(base::kInFlightGrace);
  EXPECT_EQ(InFlight(), 0U);
  EXPECT_THAT(Stepped(),
              ElementsAre("start_bridge", "command_taken 1", "command_result 1 UNKNOWN"));
}

TEST_F(ReplicasTest, WritesNoMarksOfARunThatIsNotItsOwn) {
  BecomeOneOfSeveral();
  ASSERT_TRUE(Settle());
  EXPECT_FALSE(*store_->BeginRun()) << "it did not begin one";
  EXPECT_TRUE(worker_->End().ok());
  EXPECT_TRUE(*store_->BeginRun()) << "nor did it end one";
}

TEST_F(ReplicasTest, EndsOnlyARunThatItHasBegun) {
  ASSERT_FALSE(*store_->BeginRun());
  EXPECT_TRUE(worker_->End().ok());
  EXPECT_TRUE(*store_->BeginRun()) << "it never ran";
  ASSERT_TRUE(Settle());
  EXPECT_TRUE(worker_->End().ok());
  EXPECT_FALSE(*store_->BeginRun());
}

// The taking reaches the disk, and its answer is lost.
class TakenWithoutAWord : public ReplicasTest {
 protected:
  void TakeWithoutAWord(bool alone) {
    options_.alone = alone;
    Restart(true);
    pace_.closed_until[internal::v1::Command::kAnswerCall] = kStart + seconds(1);
    Begin();
    ASSERT_TRUE(Settle());
    Advance(seconds(1));
    engine_.Plan({.after_writes = 0, .written = true});
    ASSERT_FALSE(Settle());
    engine_.PowerOn();
    ASSERT_THAT(provider_.sent(), IsEmpty());
    ASSERT_EQ(InFlight(), 1U);
  }
};

TEST_F(TakenWithoutAWord, IsNotSentAndToldSoAtOnceByAWorkerThatIsAlone) {
  TakeWithoutAWord(true);
  ASSERT_TRUE(Settle());
  EXPECT_EQ(InFlight(), 0U);
  EXPECT_THAT(Stepped(),
              ElementsAre("start_bridge", "command_taken 1", "command_result 1 NOT_SENT"));
}

TEST_F(TakenWithoutAWord, IsGivenUpInTimeByOneOfSeveral) {
  TakeWithoutAWord(false);
  RunFor(kInFlightMax);
  EXPECT_EQ(InFlight(), 0U);
  EXPECT_THAT(Stepped(),
              ElementsAre("start_bridge", "command_taken 1", "command_result 1 UNKNOWN"));
}

// As the flow does: the session's timers say when to wake it.
void WakeAt(Transition& transition, base::Time time) {
  *transition.mutable_session()->add_timers()->mutable_due_time() = base::ToTimestamp(time);
  *transition.mutable_wake_time() = base::ToTimestamp(time);
}

TEST_F(ReplicasTest, AfterAStartOnlyOverdueTimersWait) {
  const base::Time restart = kStart + std::chrono::hours(1);
  const std::map<std::string, base::Time> due = {{"s_overdue", kStart + seconds(1)},
                                                 {"s_soon", restart + seconds(1)},
                                                 {"s_later", restart + seconds(2)}};
  std::map<std::string, base::Time> fired;
  flow_ = [&](const Input& input, Transition& transition) {
    const std::string& name = transition.session().session_id();
    transition.mutable_session()->mutable_greeting();
    if (input.has_start_bridge()) WakeAt(transition, due.at(name));
    if (!input.has_timer_due()) return;
    transition.mutable_session()->clear_timers();
    fired[name] = clock_.Now();
  };
  for (const auto& [name, time] : due) Begin(name);
  ASSERT_TRUE(Settle());
  clock_.Set(restart);
  Restart(true);
  RunFor(seconds(2));
  EXPECT_EQ(fired, (std::map<std::string, base::Time>{{"s_soon", restart + seconds(1)},
                                                      {"s_later", restart + seconds(2)}}));
  RunFor(seconds(2));
  EXPECT_EQ(fired["s_overdue"], restart + seconds(3));
}

TEST_F(ReplicasTest, ATimerThatAStepOfThisRunSetFiresOnTimeAlsoRightAfterTheStart) {
  base::Time fired{};
  flow_ = [&](const Input& input, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
    transition.mutable_session()->clear_timers();
    if (input.has_start_bridge()) WakeAt(transition, kStart + std::chrono::milliseconds(1500));
    if (input.has_timer_due()) fired = clock_.Now();
  };
  Begin();
  RunFor(seconds(2));
  EXPECT_EQ(fired, kStart + std::chrono::milliseconds(1500));
}

}  // namespace
}  // namespace callbridge::worker
