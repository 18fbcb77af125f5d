// The life of a command: pending, in flight, settled or cancelled, and who wins.
#include "tests/store/ledger_fixture.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(LedgerTest, CountsTheDialsThatWait) {
  Command routine = Typed(4, [](Command& command) { command.mutable_look_at_call(); });
  routine.set_routine(true);
  RunWith("s_1", {DialCommand("s_1", 1), DialCommand("s_1", 2), HangUpCommand("s_1", 3), routine});
  EXPECT_EQ(store().Count()->pending_dials, 2);
}

TEST_P(LedgerTest, OffersTheDialsForPeopleOnTheLineBeforeThoseOfNewCallers) {
  Command caller = DialCommand("s_new", 1);
  caller.set_leg_id("caller");
  *caller.mutable_waiting_since_time() = base::ToTimestamp(now() - std::chrono::seconds(10));
  Command callee = DialCommand("s_waiting", 2);
  callee.set_leg_id("callee-1");
  *callee.mutable_waiting_since_time() = base::ToTimestamp(now());
  RunWith("s_new", {caller});
  RunWith("s_waiting", {callee});
  EXPECT_THAT(Numbers(*store().PendingCommands(now(), 10)), ElementsAre(2, 1));
  EXPECT_EQ(store().Count()->pending_dials, 2);
}

TEST_P(LedgerTest, OffersTheDialOfTheCallerWhoWaitsLongestFirst) {
  Command young = DialCommand("s_young", 1);
  *young.mutable_waiting_since_time() = base::ToTimestamp(now());
  Command old = DialCommand("s_old", 2);
  *old.mutable_waiting_since_time() = base::ToTimestamp(now() - std::chrono::seconds(10));
  RunWith("s_young", {young});
  RunWith("s_old", {old});
  EXPECT_THAT(Numbers(*store().PendingCommands(now(), 10)), ElementsAre(2, 1));
}

TEST_P(LedgerTest, HoldsACommandBackUntilItsTime) {
  Command later = HangUpCommand("s_1", 1);
  *later.mutable_not_before_time() = base::ToTimestamp(now() + std::chrono::seconds(2));
  RunWith("s_1", {later, DialCommand("s_1", 2)});
  EXPECT_THAT(Numbers(*store().PendingCommands(now(), 10)), ElementsAre(2));
  EXPECT_EQ(*store().NextCommandTime(now()), now() + std::chrono::seconds(2));
  Advance(std::chrono::seconds(2));
  EXPECT_THAT(Numbers(*store().PendingCommands(now(), 10)), ElementsAre(1, 2));
  EXPECT_EQ(*store().NextCommandTime(now()), std::nullopt);
}

// Of every kind, at every moment around its time.
TEST_P(LedgerTest, NeverTakesACommandWhoseTimeHasPassed) {
  const base::Time last = now() + std::chrono::seconds(5);
  Command dial = DialCommand("s_1", 1);
  Command create = Typed(2, [](Command& command) { command.mutable_create_conference(); });
  Command ringing = Typed(3, [](Command& command) { command.mutable_send_ringing(); });
  for (Command* command : {&dial, &create, &ringing}) {
    *command->mutable_not_after_time() = base::ToTimestamp(last);
  }
  RunWith("s_1", {dial, create, ringing});
  Advance(std::chrono::seconds(5));
  EXPECT_TRUE(Take(dial));
  Advance(std::chrono::nanoseconds(1));
  EXPECT_FALSE(Take(create));
  EXPECT_FALSE(Take(ringing));
  // Once is enough.
  EXPECT_FALSE(Take(create));
  const DueSession work = Load("s_1");
  ASSERT_THAT(work.inputs, SizeIs(3));
  EXPECT_TRUE(work.inputs[0].input.has_command_taken());
  for (const int index : {1, 2}) {
    const CommandResult& result =
        work.inputs[static_cast<std::size_t>(index)].input.command_result();
    EXPECT_EQ(result.number(), index + 1);
    EXPECT_EQ(result.attempt(), 1);
    EXPECT_EQ(result.verdict(), CommandResult::VERDICT_EXPIRED);
  }
  EXPECT_THAT(*store().PendingCommands(now(), 10), IsEmpty());
}

// The session may take it back when it hears of that, and a dial that has left cannot be taken
// back.
TEST_P(LedgerTest, TakesNoDialOfASessionThatHasNotHeardThatTheServiceWasAway) {
  const Command dial = DialCommand("s_1", 1);
  const Command hangup = HangUpCommand("s_1", 2);
  const Command other = DialCommand("s_2", 1);
  RunWith("s_1", {dial, hangup});
  RunWith("s_2", {other});
  NewInput resumed;
  resumed.session_id = "s_1";
  resumed.input.mutable_worker_resumed();
  Append(resumed);
  EXPECT_FALSE(Take(dial));
  EXPECT_TRUE(Take(hangup));
  EXPECT_TRUE(Take(other)) << "of another session";
  ASSERT_TRUE(Commit(StepOf(Load("s_1"))).ok());
  EXPECT_TRUE(Take(dial));
}

TEST_P(LedgerTest, TellsTheSessionThatACommandWasTaken) {
  const Command dial = DialCommand("s_1", 1);
  RunWith("s_1", {dial});
  ASSERT_TRUE(Take(dial));
  EXPECT_THAT(*store().PendingCommands(now(), 10), IsEmpty());
  const DueSession work = Load("s_1");
  ASSERT_THAT(work.inputs, SizeIs(1));
  const internal::v1::CommandTaken& taken = work.inputs[0].input.command_taken();
  EXPECT_EQ(taken.number(), 1);
  EXPECT_EQ(taken.attempt(), 1);
  EXPECT_EQ(base::FromTimestamp(taken.send_by_time()), now() + base::kSendBy);
}

TEST_P(LedgerTest, TellsWhatWasTakenBeforeAllThatWaitsAlready) {
  RunWith("s_1", {DialCommand("s_1", 1), HangUpCommand("s_1", 2)});
  Append(HintedEvent("s_1"));
  ASSERT_TRUE(Take(HangUpCommand("s_1", 2)));
  ASSERT_TRUE(Take(DialCommand("s_1", 1)));
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("command_taken", "command_taken", "provider_event"));
  const DueSession work = Load("s_1");
  EXPECT_EQ(work.inputs[0].input.command_taken().number(), 2) << "in the order of the taking";
  // And is consumed from there.
  ASSERT_TRUE(Commit(StepOf(work)).ok());
  EXPECT_THAT(InputsOf("s_1"), IsEmpty());
}

TEST_P(LedgerTest, TellsWhatWasTakenBeforeAFloodThatIsLoadedInParts) {
  const Command dial = DialCommand("s_1", 1);
  RunWith("s_1", {dial});
  const std::vector<NewInput> flood(base::kInputsPerLoadMax + 1, HintedEvent("s_1"));
  ASSERT_TRUE(store().AppendInputs(flood, now()).ok());
  ASSERT_TRUE(Take(dial));
  const DueSession work = Load("s_1");
  ASSERT_THAT(work.inputs, SizeIs(base::kInputsPerLoadMax));
  EXPECT_TRUE(work.inputs[0].input.has_command_taken());
  ASSERT_TRUE(Commit(StepOf(work)).ok());
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("provider_event", "provider_event"));
}

TEST_P(LedgerTest, WhatWasTakenDoesNotBringItsSessionBeforeOthers) {
  const Command dial = DialCommand("s_1", 1);
  RunWith("s_1", {dial});
  Begin("s_2");
  ASSERT_TRUE(Take(dial));
  EXPECT_THAT(Waiting(), ElementsAre("s_2", "s_1"));
}

TEST_P(LedgerTest, TakesACommandOnlyOnceAndOnlyWithItsAttempt) {
  const Command dial = DialCommand("s_1", 1, 2);
  RunWith("s_1", {dial});
  EXPECT_FALSE(Take(DialCommand("s_1", 1, 1)));
  EXPECT_TRUE(Take(dial));
  EXPECT_FALSE(Take(dial));
  EXPECT_FALSE(Take(DialCommand("s_1", 2)));
  EXPECT_FALSE(Take(DialCommand("s_nobody", 1)));
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("command_taken"));
}

TEST_P(LedgerTest, ACancelledCommandCannotBeTaken) {
  const Command dial = DialCommand("s_1", 1);
  RunWith("s_1", {dial});
  Append(HintedEvent("s_1"));
  SessionCommit cancel = StepOf(Load("s_1"));
  cancel.cancelled_commands = {1};
  ASSERT_TRUE(Commit(cancel).ok());
  EXPECT_FALSE(Take(dial));
  EXPECT_THAT(*store().PendingCommands(now(), 10), IsEmpty());
  EXPECT_THAT(InputsOf("s_1"), IsEmpty());
}

// The input that tells of the expiry stands behind one that ends the session. Were the cancelling
// refused, the session would step the same two inputs for ever.
TEST_P(LedgerTest, ACommandWhoseTimeHasPassedCanBeCancelledBeforeItsSessionKnows) {
  Command dial = DialCommand("s_1", 1);
  *dial.mutable_not_after_time() = base::ToTimestamp(now());
  RunWith("s_1", {dial});
  Append(HintedEvent("s_1"));
  Advance(std::chrono::seconds(1));
  ASSERT_FALSE(Take(dial));
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("provider_event", "command_result"));
  SessionCommit cancel = StepOf(Load("s_1"));
  cancel.cancelled_commands = {1};
  EXPECT_TRUE(Commit(cancel).ok());
  EXPECT_THAT(InputsOf("s_1"), IsEmpty());
  EXPECT_THAT(*store().PendingCommands(now(), 10), IsEmpty());
}

TEST_P(LedgerTest, SettlesTheAttemptInFlightOnceAndTellsTheSession) {
  const Command dial = DialCommand("s_1", 1);
  RunWith("s_1", {dial});
  ASSERT_TRUE(Take(dial));
  const CommandResult result = ResultOf(dial, CommandResult::VERDICT_DONE);
  EXPECT_TRUE(Settle("s_1", result).ok());
  EXPECT_EQ(Settle("s_1", result).code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("command_taken", "command_result"));
  EXPECT_THAT(*store().InFlightSince(base::Time::max()), IsEmpty());
}

TEST_P(LedgerTest, SettlesManyAtOnceEachWithAStatusOfItsOwn) {
  const Command dial = DialCommand("s_1", 1);
  const Command hangup = HangUpCommand("s_2", 1);
  const Command pending = HangUpCommand("s_2", 2);
  RunWith("s_1", {dial});
  RunWith("s_2", {hangup, pending});
  ASSERT_TRUE(Take(dial));
  ASSERT_TRUE(Take(hangup));
  int told = 0;
  const int listener = store().AddListener([&told] { ++told; });
  const CommandResult done = ResultOf(dial, CommandResult::VERDICT_DONE);
  const auto statuses =
      store().SettleCommands({{"s_1", done},
                              {"s_1", done},
                              {"s_2", ResultOf(pending, CommandResult::VERDICT_DONE)},
                              {"s_nobody", done},
                              {"s_2", ResultOf(hangup, CommandResult::VERDICT_UNKNOWN)}},
                             now());
  store().RemoveListener(listener);
  ASSERT_TRUE(statuses.ok()) << statuses.status();
  std::vector<absl::StatusCode> codes;
  for (const absl::Status& status : *statuses) codes.push_back(status.code());
  using absl::StatusCode;
  EXPECT_THAT(codes, ElementsAre(StatusCode::kOk, StatusCode::kNotFound, StatusCode::kNotFound,
                                 StatusCode::kNotFound, StatusCode::kOk));
  EXPECT_EQ(told, 1) << "one transaction";
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("command_taken", "command_result"));
  EXPECT_THAT(InputsOf("s_2"), ElementsAre("command_taken", "command_result"));
  EXPECT_THAT(*store().InFlightSince(base::Time::max()), IsEmpty());
  EXPECT_THAT(Numbers(*store().PendingCommands(now(), 10)), ElementsAre(2));
}

TEST_P(LedgerTest, DropsAResultOfWhatIsNotInFlight) {
  const Command dial = DialCommand("s_1", 1, 2);
  RunWith("s_1", {dial});
  const auto settle = [this](const std::string& session_id, const Command& command) {
    return Settle(session_id, ResultOf(command, CommandResult::VERDICT_DONE)).code();
  };
  EXPECT_EQ(settle("s_1", dial), absl::StatusCode::kNotFound) << "it is still pending";
  ASSERT_TRUE(Take(dial));
  EXPECT_EQ(settle("s_1", DialCommand("s_1", 1, 1)), absl::StatusCode::kNotFound);
  EXPECT_EQ(settle("s_1", DialCommand("s_1", 7)), absl::StatusCode::kNotFound);
  EXPECT_EQ(settle("s_nobody", dial), absl::StatusCode::kNotFound);
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("command_taken"));
  EXPECT_EQ(settle("s_1", dial), absl::StatusCode::kOk);
}

TEST_P(LedgerTest, AHigherAttemptMakesASettledCommandPendingAgain) {
  const Command first = DialCommand("s_1", 1, 1);
  RunWith("s_1", {first});
  ASSERT_TRUE(Take(first));
  ASSERT_TRUE(Settle("s_1", ResultOf(first, CommandResult::VERDICT_NOT_SENT)).ok());
  SessionCommit commit = StepOf(Load("s_1"));
  const Command second = DialCommand("s_1", 1, 2);
  commit.commands = {second};
  ASSERT_TRUE(Commit(commit).ok());
  EXPECT_FALSE(Take(first));
  EXPECT_TRUE(Take(second));
}

TEST_P(LedgerTest, RefusesAnAttemptThatDoesNotRise) {
  const Command dial = DialCommand("s_1", 1, 2);
  RunWith("s_1", {dial});
  ASSERT_TRUE(Take(dial));
  for (const int attempt : {1, 2}) {
    SessionCommit commit = StepOf(Load("s_1"));
    commit.commands = {DialCommand("s_1", 1, attempt)};
    EXPECT_EQ(Commit(commit).code(), absl::StatusCode::kInvalidArgument);
  }
  SessionCommit twice = StepOf(Load("s_1"));
  twice.commands = {DialCommand("s_1", 5, 1), DialCommand("s_1", 5, 2)};
  EXPECT_EQ(Commit(twice).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(*store().InFlightSince(base::Time::max()), SizeIs(1));
}

TEST_P(LedgerTest, AfterACrashEverythingInFlightIsUnknown) {
  const Command flying = DialCommand("s_1", 1);
  RunWith("s_1", {flying, HangUpCommand("s_1", 2)});
  ASSERT_TRUE(Take(flying));
  Reopen();
  EXPECT_EQ(*store().MakeInFlightUnknown(now()), 1);
  EXPECT_EQ(*store().MakeInFlightUnknown(now()), 0);
  const DueSession work = Load("s_1");
  ASSERT_THAT(work.inputs, SizeIs(2));
  const CommandResult& result = work.inputs[1].input.command_result();
  EXPECT_EQ(result.number(), 1);
  EXPECT_EQ(result.attempt(), 1);
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_THAT(Numbers(*store().PendingCommands(now(), 10)), ElementsAre(2));
  EXPECT_EQ(Settle("s_1", ResultOf(flying, CommandResult::VERDICT_DONE)).code(),
            absl::StatusCode::kNotFound)
      << "the result of the time before comes too late";
}

TEST_P(LedgerTest, NamesWhatIsInFlightForTooLong) {
  const Command first = DialCommand("s_1", 1);
  const Command second = HangUpCommand("s_1", 2);
  RunWith("s_1", {first, second});
  ASSERT_TRUE(Take(first));
  Advance(std::chrono::seconds(10));
  ASSERT_TRUE(Take(second));
  const auto keys = store().InFlightSince(now());
  ASSERT_TRUE(keys.ok());
  ASSERT_THAT(*keys, SizeIs(1));
  EXPECT_EQ(keys->front().session_id, "s_1");
  EXPECT_EQ(keys->front().number, 1);
  EXPECT_EQ(keys->front().attempt, 1);
}

CALLBRIDGE_TEST_ENGINES(LedgerTest);

}  // namespace
}  // namespace callbridge::store
