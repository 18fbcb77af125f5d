// A command that finds its token at hand leaves with the commit that issues it.
#include <utility>

#include "server/worker/worker.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Transition;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AtOnceTest : public WorkerTest {
 protected:
  AtOnceTest() {
    flow_ = [](const Input& input, Transition& transition) {
      transition.mutable_session()->mutable_greeting();
      if (input.has_start_bridge()) Issue(transition, 1, 1, "callee-1", Dialing);
    };
    engine_.on_write = [this] { ++writes_; };
  }

  int writes_ = 0;
};

TEST_F(AtOnceTest, OneCommitStoresTheStepAndThatItsCommandLeaves) {
  ASSERT_TRUE(worker_->RunOnce().ok());
  Begin();
  writes_ = 0;
  ASSERT_TRUE(worker_->RunOnce().ok());
  EXPECT_EQ(writes_, 1);
  EXPECT_THAT(provider_.sent(), ElementsAre(1));
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1"));
  EXPECT_EQ(worker_->in_flight(), 1);
}

TEST_F(AtOnceTest, WithoutATokenItWaitsInTheLedger) {
  pace_.closed_until[Command::kDialLeg] = kStart + minutes(1);
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), IsEmpty());
  EXPECT_THAT(pace_.given_back, IsEmpty());
  RunFor(minutes(2));
  EXPECT_THAT(provider_.sent(), ElementsAre(1));
}

TEST_F(AtOnceTest, ACommitThatIsAbortedGivesTheTokenBackAndSendsNothing) {
  ASSERT_TRUE(worker_->RunOnce().ok());
  Begin();
  bool other_was_faster = false;
  pace_.on_take = [this, &other_was_faster](const Command&) {
    if (std::exchange(other_was_faster, true)) return;
    // Another worker has stepped the session.
    store::SessionCommit other;
    other.session_id = "s_1";
    other.session.mutable_greeting();
    ASSERT_TRUE(store_->Commit({other}, clock_.Now())->front().ok());
  };
  ASSERT_TRUE(worker_->RunOnce().ok());
  EXPECT_THAT(provider_.sent(), IsEmpty());
  EXPECT_THAT(pace_.given_back, ElementsAre(1));
  EXPECT_EQ(worker_->in_flight(), 0);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(1));
}

TEST_F(AtOnceTest, AfterALostAnswerItIsToldAsNotSentAndNothingHasLeft) {
  for (const bool written : {false, true}) {
    SCOPED_TRACE(written);
    const std::string session = written ? "s_written" : "s_lost";
    provider_.all.clear();
    pace_.given_back.clear();
    ASSERT_TRUE(Settle());
    Begin(session);
    engine_.Plan({.after_writes = 0, .written = written});
    EXPECT_FALSE(worker_->RunOnce().ok());
    EXPECT_THAT(provider_.sent(), IsEmpty());
    EXPECT_THAT(pace_.given_back, ElementsAre(1));
    engine_.PowerOn();
    ASSERT_TRUE(Settle());
    if (written) {
      EXPECT_THAT(provider_.sent(), IsEmpty());
      EXPECT_THAT(Stepped(session),
                  ElementsAre("start_bridge", "command_taken 1", "command_result 1 NOT_SENT"));
    } else {
      EXPECT_THAT(provider_.sent(), ElementsAre(1));
    }
  }
}

// What a later step of the commit takes back never leaves.
TEST_F(AtOnceTest, ACommandThatTheSameCommitTakesBackNeverLeaves) {
  flow_ = [](const Input& input, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
    if (input.has_start_bridge()) Issue(transition, 1, 1, "callee-1", Dialing);
    if (input.has_provider_event()) transition.add_cancelled_commands(1);
  };
  Begin();
  Append("s_1", "gone");
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), IsEmpty());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "provider_event gone"));
}

// The step that one command leaves may take another one back that had a token.
TEST_F(AtOnceTest, OneThatAnotherTakingTakesBackGivesItsTokenBack) {
  flow_ = [](const Input& input, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
    if (input.has_start_bridge()) {
      Issue(transition, 1, 1, "caller", HangingUp);
      Issue(transition, 2, 1, "callee-1", Dialing);
    }
    if (input.command_taken().number() == 1) transition.add_cancelled_commands(2);
  };
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(1));
  EXPECT_THAT(pace_.given_back, ElementsAre(2));
}

TEST_F(AtOnceTest, AServerThatIsToStopTakesNothing) {
  worker_->StopTaking();
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), IsEmpty());
  EXPECT_EQ(store_->PendingCommands(clock_.Now(), 10)->size(), 1U);
}

}  // namespace
}  // namespace callbridge::worker
