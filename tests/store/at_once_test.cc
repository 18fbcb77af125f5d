// Commands that are taken with the commit that issues them: which may be, and what the commit makes
// of them.
#include "tests/store/ledger_fixture.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AtOnceTest : public LedgerTest {
 protected:
  // The next step of the session, which issues these.
  SessionCommit Issuing(const std::string& session_id, const std::vector<Command>& commands) {
    Append(HintedEvent(session_id));
    SessionCommit commit = StepOf(Load(session_id));
    commit.commands = commands;
    return commit;
  }

  std::vector<int> MayLeave(const std::vector<SessionCommit>& commits) {
    const auto commands = store().MayLeaveAtOnce(commits, now());
    EXPECT_TRUE(commands.ok()) << commands.status();
    return commands.ok() ? Numbers(*commands) : std::vector<int>();
  }

  // About this leg.
  static Command About(Command command, const std::string& leg_id) {
    command.set_leg_id(leg_id);
    return command;
  }
};

void Take(const Command& command, SessionCommit& commit) {
  commit.taken_commands.push_back(command.number());
  ConsumedInput consumed;
  consumed.input.mutable_command_taken()->set_number(command.number());
  consumed.input.mutable_command_taken()->set_attempt(command.attempt());
  commit.consumed.push_back(consumed);
}

TEST_P(AtOnceTest, ACommandIsInFlightWithTheCommitThatIssuesIt) {
  RunWith("s_1", {});
  const Command dial = DialCommand("s_1", 1);
  SessionCommit commit = Issuing("s_1", {dial, HangUpCommand("s_1", 2)});
  ASSERT_THAT(MayLeave({commit}), ElementsAre(2, 1));
  store::Take(dial, commit);
  ASSERT_TRUE(Commit(commit).ok());
  EXPECT_THAT(*store().InFlightSince(now() + seconds(1)), ElementsAre(KeyOf(dial)));
  EXPECT_THAT(*store().InFlightSince(now()), IsEmpty()) << "taken at the time of the commit";
  EXPECT_THAT(Pending(), ElementsAre(2));
  EXPECT_THAT(InputsOf("s_1"), IsEmpty()) << "it was stepped";
  EXPECT_FALSE(LedgerTest::Take(dial));
  EXPECT_TRUE(Settle("s_1", ResultOf(dial, CommandResult::VERDICT_DONE)).ok());
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("command_result"));
  const auto inputs = store().ReadInputs("s_1");
  ASSERT_TRUE(inputs.ok());
  EXPECT_TRUE(inputs->back().input.has_command_taken()) << "the fold knows that it left";
}

TEST_P(AtOnceTest, WhatWaitsAtAnotherRateHoldsNothingBack) {
  RunWith("s_1", {HangUpCommand("s_1", 1)});
  RunWith("s_2", {});
  EXPECT_THAT(MayLeave({Issuing("s_2", {DialCommand("s_2", 1)})}), ElementsAre(1));
}

TEST_P(AtOnceTest, AfterACrashItIsUnknown) {
  RunWith("s_1", {});
  const Command dial = DialCommand("s_1", 1);
  SessionCommit commit = Issuing("s_1", {dial});
  store::Take(dial, commit);
  ASSERT_TRUE(Commit(commit).ok());
  Reopen();
  EXPECT_EQ(*store().MakeInFlightUnknown(now()), 1);
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("command_result"));
}

TEST_P(AtOnceTest, OnlyTheFirstOfALegLeavesAndOnlyIfNothingIsBeforeIt) {
  const Command flying = About(DialCommand("s_1", 1), "callee-1");
  const Command waiting = About(DialCommand("s_1", 2), "callee-2");
  RunWith("s_1", {flying, waiting});
  ASSERT_TRUE(LedgerTest::Take(flying));
  ASSERT_TRUE(Commit(StepOf(Load("s_1"))).ok());
  const std::vector<Command> issued = {
      About(DialCommand("s_1", 3), "callee-1"), About(DialCommand("s_1", 4), "callee-2"),
      About(DialCommand("s_1", 5), "callee-3"), About(DialCommand("s_1", 6), "callee-3"),
      About(HangUpCommand("s_1", 7), "callee-1")};
  SessionCommit commit = Issuing("s_1", issued);
  // Number 2 may leave, and waits for the rate of dials.
  EXPECT_THAT(MayLeave({commit}), ElementsAre(7));
  commit.cancelled_commands = {2};
  commit.released_commands = {1};
  ASSERT_TRUE(LedgerTest::Take(waiting));
  ASSERT_TRUE(Settle("s_1", ResultOf(waiting, CommandResult::VERDICT_DONE)).ok());
  EXPECT_THAT(MayLeave({commit}), ElementsAre(7, 3, 4, 5));
}

TEST_P(AtOnceTest, WhatLeavesLaterBecauseOfItsTimeMayNotLeaveAtOnce) {
  RunWith("s_1", {});
  Command later = DialCommand("s_1", 1);
  later.set_leg_id("callee-1");
  *later.mutable_not_before_time() = base::ToTimestamp(now() + seconds(1));
  Command late = DialCommand("s_1", 2);
  late.set_leg_id("callee-2");
  *late.mutable_not_after_time() = base::ToTimestamp(now() - seconds(1));
  SessionCommit commit = Issuing("s_1", {later, late, HangUpCommand("s_1", 3)});
  commit.cancelled_commands = {3};
  EXPECT_THAT(MayLeave({commit}), IsEmpty());
  Advance(seconds(1));
  EXPECT_THAT(MayLeave({commit}), ElementsAre(1));
}

TEST_P(AtOnceTest, NobodyOvertakesAnOlderCommandThatWaitsForTheSameRate) {
  Command old = DialCommand("s_old", 1);
  *old.mutable_waiting_since_time() = base::ToTimestamp(now() - seconds(10));
  RunWith("s_old", {old});
  RunWith("s_1", {});
  Command young = DialCommand("s_1", 2);
  *young.mutable_waiting_since_time() = base::ToTimestamp(now());
  Command again = young;
  again.set_attempt(2);
  Command older = young;
  *older.mutable_waiting_since_time() = base::ToTimestamp(now() - seconds(20));
  EXPECT_THAT(MayLeave({Issuing("s_1", {young, HangUpCommand("s_1", 3)})}), ElementsAre(3));
  EXPECT_THAT(MayLeave({Issuing("s_1", {again})}), IsEmpty()) << "repetitions have the same rate";
  EXPECT_THAT(MayLeave({Issuing("s_1", {older})}), ElementsAre(2));
}

// It would leave, and its session would believe that it took it back.
TEST_P(AtOnceTest, ACommitThatTakesWhatItCancelsIsRefused) {
  RunWith("s_1", {});
  const Command dial = DialCommand("s_1", 1);
  SessionCommit commit = Issuing("s_1", {dial});
  store::Take(dial, commit);
  commit.cancelled_commands = {1};
  EXPECT_EQ(Commit(commit).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(*store().InFlightSince(now() + seconds(1)), IsEmpty());
}

TEST_P(AtOnceTest, ACommitThatTakesWhatMayNotLeaveIsAborted) {
  const Command flying = About(DialCommand("s_1", 1), "callee-1");
  RunWith("s_1", {flying});
  ASSERT_TRUE(LedgerTest::Take(flying));
  ASSERT_TRUE(Commit(StepOf(Load("s_1"))).ok());
  const Command next = About(DialCommand("s_1", 2), "callee-1");
  SessionCommit commit = Issuing("s_1", {next});
  store::Take(next, commit);
  EXPECT_EQ(Commit(commit).code(), absl::StatusCode::kAborted);
  EXPECT_THAT(Pending(), IsEmpty()) << "nothing was changed";
  commit.released_commands = {1};
  EXPECT_TRUE(Commit(commit).ok());
}

// As with TakeCommands: a dial that has left cannot be taken back.
TEST_P(AtOnceTest, NoDialLeavesBeforeItsSessionHasHeardThatTheServiceWasAway) {
  RunWith("s_1", {});
  const Command dial = DialCommand("s_1", 1);
  SessionCommit commit = Issuing("s_1", {dial});
  store::Take(dial, commit);
  NewInput resumed;
  resumed.session_id = "s_1";
  resumed.input.mutable_worker_resumed();
  Append(resumed);
  EXPECT_EQ(Commit(commit).code(), absl::StatusCode::kAborted);
  SessionCommit told = StepOf(Load("s_1"));
  ASSERT_THAT(told.consumed, SizeIs(2));
  told.commands = {dial};
  store::Take(dial, told);
  EXPECT_TRUE(Commit(told).ok());
}

CALLBRIDGE_TEST_ENGINES(AtOnceTest);

}  // namespace
}  // namespace callbridge::store
