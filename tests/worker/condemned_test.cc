// A bug ends a session, not the service: sessions whose steps fail, cannot be committed, or take
// the server with them.
#include "server/worker/worker.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

// The server dies while it steps.
struct Killed {};

using internal::v1::Input;
using internal::v1::Transition;
using ::testing::ElementsAre;

TEST_F(WorkerTest, EndsASessionWhoseStepsCannotBeCommittedAndNoOther) {
  flow_ = [](const Input& input, Transition& transition) {
    internal::v1::Session& session = *transition.mutable_session();
    if (input.has_condemned()) {
      EXPECT_THAT(input.condemned().reference(), testing::HasSubstr("sequence"));
      session.mutable_ended();
      Tell(transition, callbridge::v1::Session::STATE_ENDED);
      return;
    }
    if (session.has_ended()) return;
    session.mutable_greeting();
    if (session.session_id() == "s_bad") session.set_sequence(5);
    Tell(transition);
  };
  Begin("s_bad");
  Begin("s_good");
  ASSERT_TRUE(Settle());
  EXPECT_TRUE(Session("s_bad").has_ended());
  EXPECT_THAT(Stepped("s_bad").front(), "condemned");
  EXPECT_TRUE(Session("s_good").has_greeting());
}

// As the flow does: one that is given up ends, and takes no input any more.
bool GivesUp(const Input& input, Transition& transition) {
  internal::v1::Session& session = *transition.mutable_session();
  if (session.given_up()) return true;
  if (!input.condemned().given_up()) return false;
  session.set_given_up(true);
  session.mutable_ended();
  Issue(transition, 100, 1, "caller", HangingUp);
  Tell(transition, callbridge::v1::Session::STATE_ENDED);
  return true;
}

TEST_F(WorkerTest, ASessionThatGoesOnFailingAfterItWasEndedIsGivenUp) {
  flow_ = [](const Input& input, Transition& transition) {
    if (GivesUp(input, transition)) return;
    internal::v1::Session& session = *transition.mutable_session();
    if (input.has_condemned()) {
      session.mutable_ended();
      return;
    }
    session.set_sequence(5);
    Tell(transition);
  };
  Begin("s_bad");
  ASSERT_TRUE(Settle());
  EXPECT_TRUE(Session("s_bad").given_up());
  EXPECT_THAT(provider_.sent(), ElementsAre(100));
  Append("s_bad", "late");
  ASSERT_TRUE(Settle());
  EXPECT_EQ(store_->Count()->waiting_inputs, 0);
  EXPECT_THAT(provider_.sent(), ElementsAre(100));
}

// The dial waits for its token, so that it leaves in a commit of its own.
TEST_F(WorkerTest, ASessionThatCannotBeEndedIsGivenUpAndWhatItDoesNotKnowOfIsNotTakenBack) {
  pace_.closed_until[internal::v1::Command::kDialLeg] = kStart + std::chrono::seconds(1);
  flow_ = [](const Input& input, Transition& transition) {
    if (GivesUp(input, transition)) {
      // The session does not know that it has left.
      if (input.has_condemned()) transition.add_cancelled_commands(1);
      return;
    }
    internal::v1::Session& session = *transition.mutable_session();
    session.mutable_greeting();
    if (input.has_start_bridge()) {
      Issue(transition, 1, 1, "callee-1", Dialing);
      return;
    }
    session.set_sequence(5);
    Tell(transition);
  };
  Begin();
  RunFor(std::chrono::seconds(2));
  EXPECT_TRUE(Session().given_up());
  EXPECT_THAT(provider_.sent(), ElementsAre(1, 100));
  EXPECT_EQ(store_->Count()->waiting_inputs, 0);
  EXPECT_EQ(store_->Count()->live_sessions, 0);
  EXPECT_EQ(*store_->NextWakeTime(), std::nullopt);
}

// The first try takes back what has not left; only one that the store has refused is followed by
// one that takes nothing back.
TEST_F(WorkerTest, AStoreThatIsAwayUsesUpNoTryToGiveASessionUp) {
  pace_.closed_until[internal::v1::Command::kDialLeg] = kStart + std::chrono::minutes(1);
  int rounds_away = base::kGiveUpTriesMax + 1;
  flow_ = [this, &rounds_away](const Input& input, Transition& transition) {
    if (GivesUp(input, transition)) {
      if (!input.has_condemned()) return;
      transition.add_cancelled_commands(1);
      if (rounds_away-- > 0) engine_.PowerOff();
      return;
    }
    internal::v1::Session& session = *transition.mutable_session();
    session.mutable_greeting();
    if (input.has_start_bridge()) {
      Issue(transition, 1, 1, "callee-1", Dialing);
      return;
    }
    session.set_sequence(5);
    Tell(transition);
  };
  Begin();
  ASSERT_TRUE(Settle());
  Append("s_1", "bad");
  int failed_rounds = 0;
  while (failed_rounds < 10 && !Settle()) {
    ++failed_rounds;
    engine_.PowerOn();
  }
  EXPECT_EQ(failed_rounds, base::kGiveUpTriesMax + 1);
  EXPECT_TRUE(Session().given_up());
  RunFor(std::chrono::minutes(2));
  EXPECT_THAT(provider_.sent(), ElementsAre(100)) << "the dial was taken back";
}

// The store aborts what it takes for overtaken. What is never overtaken would come back in every
// round, before the inputs of others.
TEST_F(WorkerTest, ASessionWhoseCommitsAreAbortedForEverIsEndedAndHoldsUpNoOther) {
  for (const bool also_its_end : {false, true}) {
    const std::string bad = also_its_end ? "s_worse" : "s_bad";
    const std::string good = bad + "_good";
    flow_ = [&bad, also_its_end](const Input& input, Transition& transition) {
      if (GivesUp(input, transition)) return;
      internal::v1::Session& session = *transition.mutable_session();
      if (session.has_ended()) return;
      const bool ends = input.has_condemned();
      ends ? static_cast<void>(session.mutable_ended())
           : static_cast<void>(session.mutable_greeting());
      // A command that the ledger does not know cannot be cancelled.
      const bool aborted = session.session_id() == bad && (also_its_end || !ends);
      if (aborted) transition.add_cancelled_commands(99);
    };
    Begin(bad);
    Begin(good);
    ASSERT_TRUE(Settle());
    EXPECT_TRUE(Session(bad).has_ended());
    EXPECT_EQ(Session(bad).given_up(), also_its_end);
    EXPECT_TRUE(Session(good).has_greeting());
    EXPECT_EQ(store_->Count()->waiting_inputs, 0);
  }
}

TEST_F(WorkerTest, ManySessionsThatCannotEvenBeGivenUpHoldUpNoOtherAndSpinNothing) {
  int condemned = 0;
  flow_ = [&condemned](const Input& input, Transition& transition) {
    if (input.has_condemned() && !input.condemned().given_up()) ++condemned;
    internal::v1::Session& session = *transition.mutable_session();
    session.mutable_greeting();
    if (session.session_id().starts_with("s_bad")) session.set_sequence(5);
    Tell(transition);
  };
  constexpr int kBad = base::kStartWindow + 1;
  for (int number = 0; number < kBad; ++number) Begin("s_bad" + std::to_string(number));
  ASSERT_TRUE(Settle());
  EXPECT_EQ(condemned, kBad);
  Begin("s_good");
  ASSERT_TRUE(Settle());
  EXPECT_TRUE(Session("s_good").has_greeting());
  EXPECT_GE(*worker_->RunOnce(), clock_.Now() + std::chrono::seconds(1));
  // The same when overdue timers need not wait any more.
  RunFor(base::kTimersWait + std::chrono::seconds(1));
  Begin("s_later");
  ASSERT_TRUE(Settle());
  EXPECT_TRUE(Session("s_later").has_greeting());
}

TEST_F(WorkerTest, ATimerThatCanNeverFireSpinsNothing) {
  flow_ = [](const Input& input, Transition& transition) {
    internal::v1::Session& session = *transition.mutable_session();
    session.mutable_greeting();
    *transition.mutable_wake_time() = base::ToTimestamp(kStart + std::chrono::seconds(10));
    if (input.has_start_bridge()) return;
    session.set_sequence(5);
    Tell(transition);
  };
  Begin();
  ASSERT_TRUE(Settle());
  Advance(std::chrono::seconds(10));
  ASSERT_TRUE(Settle()) << "the worker finds no rest";
  EXPECT_GE(*worker_->RunOnce(), clock_.Now() + std::chrono::seconds(1));
}

TEST_F(WorkerTest, AfterACrashEndsTheSessionThatTwoServersDiedOf) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_condemned()) {
      transition.mutable_session()->mutable_ended();
    } else {
      transition.mutable_session()->mutable_greeting();
    }
  };
  ASSERT_TRUE(Settle());
  Begin("s_killer");
  Begin("s_bystander");
  // What two servers leave that die while they step it.
  ASSERT_TRUE(store_->MarkStepping("s_killer").ok());
  ASSERT_TRUE(store_->MarkStepping("s_killer").ok());
  ASSERT_TRUE(store_->MarkStepping("s_bystander").ok());
  Restart();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped("s_killer").front(), "condemned");
  EXPECT_TRUE(Session("s_bystander").has_greeting());
  EXPECT_EQ(*store_->MarkStepping("s_bystander"), 0) << "its step went well";
}

// The input that kills the server waits on after the session was ended. Each crash empties the
// memory of the process, so the store has to know that ending it did not help.
TEST_F(WorkerTest, AfterACrashGivesUpTheSessionThatKillsTheServerAlsoAfterItsEnd) {
  flow_ = [](const Input& input, Transition& transition) {
    internal::v1::Session& session = *transition.mutable_session();
    if (input.has_condemned()) {
      session.mutable_ended();
      session.set_given_up(input.condemned().given_up());
    } else if (input.has_provider_event() && !session.given_up()) {
      throw Killed();
    } else {
      session.mutable_greeting();
    }
  };
  Begin("s_killer");
  ASSERT_TRUE(Settle());
  Append("s_killer", "POISON");
  Begin("s_bystander");
  int crashes = 0;
  for (bool alive = false; !alive && crashes < 20;) {
    try {
      alive = Settle();
    } catch (const Killed&) {
      ++crashes;
      Restart();
    }
  }
  EXPECT_LE(crashes, 5);
  EXPECT_TRUE(Session("s_killer").given_up());
  EXPECT_TRUE(Session("s_bystander").has_greeting());
  EXPECT_EQ(store_->Count()->waiting_inputs, 0);
}

// Found by a simulated world whose store lost the answers of two marks.
TEST_F(WorkerTest, AfterACrashAStoreThatTakesMarksAndNoCommitsCondemnsNobody) {
  flow_ = [](const Input& input, Transition& transition) {
    EXPECT_FALSE(input.has_condemned());
    transition.mutable_session()->mutable_greeting();
  };
  ASSERT_TRUE(Settle());
  Begin("s_unlucky");
  Restart();
  for (int tries = 0; tries < 4; ++tries) {
    // The run begins with two writes; then each mark is written and the commit after it is not.
    engine_.Plan({.after_writes = tries == 0 ? 3 : 1});
    EXPECT_FALSE(Settle());
    engine_.PowerOn();
  }
  ASSERT_TRUE(Settle());
  EXPECT_TRUE(Session("s_unlucky").has_greeting());
}

TEST_F(WorkerTest, ASessionIsEndedAlsoWhenItDoesNotKnowYetThatACommandHasLeft) {
  flow_ = [](const Input& input, Transition& transition) {
    internal::v1::Session& session = *transition.mutable_session();
    if (input.has_start_bridge()) {
      session.mutable_greeting();
      Issue(transition, 1, 1, "caller", Answering);
    }
    if (input.has_command_taken()) session.add_labels()->set_key("taken");
    if (!input.has_condemned()) return;
    session.mutable_ended();
    if (session.labels().empty()) transition.add_cancelled_commands(1);
  };
  Begin();
  // The round that steps the beginning also takes its command, and ends before CommandTaken is
  // stepped.
  ASSERT_TRUE(worker_->RunOnce().ok());
  ASSERT_EQ(provider_.open().size(), 1U);
  for (int mark = 0; mark < 2; ++mark) ASSERT_TRUE(store_->MarkStepping("s_1").ok());
  Restart();
  ASSERT_TRUE(Settle());
  EXPECT_TRUE(Session().has_ended());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1", "condemned",
                                     "command_result 1 UNKNOWN"));
}

TEST_F(WorkerTest, LooksAtNoMarksAfterAnOrderlyEndOrAMinute) {
  flow_ = [](const Input&, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
  };
  ASSERT_TRUE(Settle());
  Begin();
  for (int mark = 0; mark < 2; ++mark) ASSERT_TRUE(store_->MarkStepping("s_1").ok());
  Restart(true);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge"));
  Restart();
  ASSERT_TRUE(Settle());
  Advance(base::kCarefulAfterCrash);
  Append("s_1", "late");
  for (int mark = 0; mark < 2; ++mark) ASSERT_TRUE(store_->MarkStepping("s_1").ok());
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "provider_event late"));
}

}  // namespace
}  // namespace callbridge::worker
