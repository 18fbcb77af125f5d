// What a commit is conditional on, what it changes, and in which order sessions get their turn.
#include "server/base/ids.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CommitTest : public StoreTest {};

TEST_P(CommitTest, OffersSessionsByTheirOldestInput) {
  Begin("s_b");
  Begin("s_a");
  Append(HintedEvent("s_b"));
  EXPECT_THAT(Waiting(), ElementsAre("s_b", "s_a"));
  EXPECT_THAT(*store().NextSessions(now(), 1, true), SizeIs(1));
}

TEST_P(CommitTest, OffersTimersAlsoWhenInputsNeverEnd) {
  Begin("s_timer");
  SessionCommit commit = StepOf(Load("s_timer"));
  commit.wake_time = now();
  ASSERT_TRUE(Commit(commit).ok());
  for (int number = 0; number < 5; ++number) Begin("s_" + std::to_string(number));
  const auto works = store().NextSessions(now(), 4, true);
  ASSERT_TRUE(works.ok()) << works.status();
  ASSERT_THAT(*works, SizeIs(5));
  EXPECT_EQ(works->back().session_id, "s_timer");
  EXPECT_THAT(*store().NextSessions(now(), 4, false), SizeIs(4));
}

TEST_P(CommitTest, OffersATimerOnlyWhenItIsDueAndNoInputWaits) {
  Begin("s_1");
  SessionCommit commit = StepOf(Load("s_1"));
  commit.wake_time = now() + std::chrono::seconds(5);
  ASSERT_TRUE(Commit(commit).ok());
  EXPECT_EQ(*store().NextWakeTime(), now() + std::chrono::seconds(5));
  EXPECT_THAT(Waiting(true), IsEmpty());

  Advance(std::chrono::seconds(5));
  EXPECT_THAT(Waiting(false), IsEmpty());
  EXPECT_THAT(Waiting(true), ElementsAre("s_1"));
  EXPECT_THAT(Load("s_1").inputs, IsEmpty());

  Append(HintedEvent("s_1"));
  EXPECT_THAT(Waiting(true), ElementsAre("s_1"));
  EXPECT_THAT(Load("s_1").inputs, SizeIs(1));
}

TEST_P(CommitTest, OffersDueTimersAfterInputsAndByTheirTime) {
  for (const char* id : {"s_late", "s_early", "s_input"}) {
    Begin(id);
    SessionCommit commit = StepOf(Load(id));
    commit.wake_time = now() + std::chrono::seconds(std::string(id) == "s_late" ? 3 : 1);
    ASSERT_TRUE(Commit(commit).ok());
  }
  Append(HintedEvent("s_input"));
  Advance(std::chrono::seconds(10));
  EXPECT_THAT(Waiting(true), ElementsAre("s_input", "s_early", "s_late"));
}

TEST_P(CommitTest, ForgetsAWakeTimeThatTheNextCommitDoesNotSet) {
  Begin("s_1");
  SessionCommit commit = StepOf(Load("s_1"));
  commit.wake_time = now();
  ASSERT_TRUE(Commit(commit).ok());
  commit = StepOf(Load("s_1"));
  ASSERT_TRUE(Commit(commit).ok());
  EXPECT_EQ(*store().NextWakeTime(), std::nullopt);
  EXPECT_THAT(Waiting(true), IsEmpty());
}

TEST_P(CommitTest, LoadsAFloodOfInputsInParts) {
  Begin("s_1");
  std::vector<NewInput> flood(base::kInputsPerLoadMax, HintedEvent("s_1"));
  ASSERT_TRUE(store().AppendInputs(flood, now()).ok());
  const DueSession work = Load("s_1");
  EXPECT_THAT(work.inputs, SizeIs(base::kInputsPerLoadMax));
  ASSERT_TRUE(Commit(StepOf(work)).ok());
  EXPECT_THAT(Load("s_1").inputs, SizeIs(1));
}

TEST_P(CommitTest, MovesASessionFromOneRevisionToTheNextOnlyOnce) {
  Begin("s_1");
  SessionCommit commit = StepOf(Load("s_1"));
  AddEvent(commit);
  commit.commands.push_back(DialCommand("s_1", 1));
  ASSERT_TRUE(Commit(commit).ok());
  Append(HintedEvent("s_1"));
  SessionCommit stale = StepOf(Load("s_1"));
  stale.expected_revision = 0;
  AddEvent(stale);
  stale.commands.push_back(DialCommand("s_1", 2));
  stale.wake_time = now();
  EXPECT_EQ(Commit(stale).code(), absl::StatusCode::kAborted);

  const DueSession work = Load("s_1");
  EXPECT_EQ(work.revision, 1);
  EXPECT_EQ(work.session.sequence(), 1);
  EXPECT_THAT(work.inputs, SizeIs(1));
  EXPECT_THAT(*store().ReadEvents("s_1", 0, 10), SizeIs(1));
  EXPECT_THAT(*store().PendingCommands(now(), 10), SizeIs(1));
  EXPECT_EQ(*store().NextWakeTime(), std::nullopt);
}

TEST_P(CommitTest, OneAbortedSessionTakesNoneOfTheOthersAlong) {
  Begin("s_1");
  Begin("s_2");
  SessionCommit stale = StepOf(Load("s_1"));
  stale.expected_revision = 3;
  const auto statuses = store().Commit({stale, StepOf(Load("s_2"))}, now());
  ASSERT_TRUE(statuses.ok());
  EXPECT_EQ((*statuses)[0].code(), absl::StatusCode::kAborted);
  EXPECT_TRUE((*statuses)[1].ok());
  EXPECT_THAT(Waiting(), ElementsAre("s_1"));
}

TEST_P(CommitTest, AbortsForASessionThatDoesNotExist) {
  SessionCommit commit;
  commit.session_id = "s_nobody";
  EXPECT_EQ(Commit(commit).code(), absl::StatusCode::kAborted);
}

TEST_P(CommitTest, AbortsWhenAnInputDoesNotWaitForThisSession) {
  Begin("s_1");
  Begin("s_2");
  SessionCommit commit = StepOf(Load("s_1"));
  commit.consumed.push_back(StepOf(Load("s_2")).consumed.front());
  EXPECT_EQ(Commit(commit).code(), absl::StatusCode::kAborted);
  EXPECT_THAT(Waiting(), ElementsAre("s_1", "s_2"));
}

TEST_P(CommitTest, RefusesEventsThatLeaveAGapOrComeAgain) {
  Run("s_1");
  Append(HintedEvent("s_1"));
  SessionCommit gap = StepOf(Load("s_1"));
  gap.session.set_sequence(2);
  AddEvent(gap);
  EXPECT_EQ(Commit(gap).code(), absl::StatusCode::kInvalidArgument);
  SessionCommit again = StepOf(Load("s_1"));
  again.session.set_sequence(0);
  AddEvent(again);
  EXPECT_EQ(Commit(again).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(*store().ReadEvents("s_1", 0, 10), SizeIs(1));
  EXPECT_EQ(Load("s_1").revision, 1);
}

TEST_P(CommitTest, AbortsWhenACancelledCommandIsNotPending) {
  Begin("s_1");
  SessionCommit commit = StepOf(Load("s_1"));
  const internal::v1::Command dial = DialCommand("s_1", 1);
  commit.commands.push_back(dial);
  ASSERT_TRUE(Commit(commit).ok());
  ASSERT_THAT(*store().TakeCommands({KeyOf(dial)}, now(), now()), SizeIs(1));

  SessionCommit cancel = StepOf(Load("s_1"));
  cancel.cancelled_commands = {1};
  AddEvent(cancel);
  EXPECT_EQ(Commit(cancel).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Load("s_1").revision, 1);
  EXPECT_THAT(*store().ReadEvents("s_1", 0, 10), IsEmpty());
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("command_taken"));
  // A number that never was is not pending either.
  cancel.cancelled_commands = {9};
  EXPECT_EQ(Commit(cancel).code(), absl::StatusCode::kAborted);
}

TEST_P(CommitTest, RecordsACommandThatIsIssuedAndCancelledInOneCommitAndNeverOffersIt) {
  Begin("s_1");
  SessionCommit commit = StepOf(Load("s_1"));
  const internal::v1::Command dial = DialCommand("s_1", 1);
  commit.commands.push_back(dial);
  commit.cancelled_commands = {1};
  ASSERT_TRUE(Commit(commit).ok());
  EXPECT_THAT(*store().PendingCommands(now(), 10), IsEmpty());
  EXPECT_THAT(*store().TakeCommands({KeyOf(dial)}, now(), now()), IsEmpty());
  EXPECT_EQ(store().Count()->pending_dials, 0);
  // It is recorded: the same attempt cannot be issued again.
  Append(HintedEvent("s_1"));
  SessionCommit again = StepOf(Load("s_1"));
  again.commands.push_back(dial);
  EXPECT_EQ(Commit(again).code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(CommitTest, KeepsRepliesAndReasonsWithTheInputs) {
  const Appended first = Append(StartRequest("s_1", "request-1"));
  const Appended second = Append(HintedEvent("s_1"));
  EXPECT_EQ(*store().ReadReply(first.input_id), std::nullopt);
  SessionCommit commit = StepOf(Load("s_1"));
  commit.consumed[0].has_reply = true;
  commit.consumed[0].reply.set_error(callbridge::v1::ERROR_REASON_OFFER_GONE);
  commit.consumed[1].ignored_reason = "late";
  *commit.consumed[1].input.mutable_step_time() = base::ToTimestamp(now());
  ASSERT_TRUE(Commit(commit).ok());

  const auto reply = store().ReadReply(first.input_id);
  ASSERT_TRUE(reply.ok() && *reply);
  EXPECT_EQ((*reply)->error(), callbridge::v1::ERROR_REASON_OFFER_GONE);
  const auto none = store().ReadReply(second.input_id);
  ASSERT_TRUE(none.ok() && *none);
  EXPECT_EQ((*none)->error(), callbridge::v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(store().ReadReply(4711).status().code(), absl::StatusCode::kNotFound);

  const auto inputs = store().ReadInputs("s_1");
  ASSERT_TRUE(inputs.ok());
  ASSERT_THAT(*inputs, SizeIs(2));
  EXPECT_TRUE((*inputs)[0].input.has_start_bridge());
  EXPECT_EQ((*inputs)[1].ignored_reason, "late");
  EXPECT_TRUE((*inputs)[1].input.has_step_time());
}

TEST_P(CommitTest, KeepsInputsInTheOrderOfTheStepsAlsoThoseTheWorkerMade) {
  Run("s_1");
  SessionCommit timer;
  timer.session_id = "s_1";
  timer.expected_revision = 1;
  timer.session.set_session_id("s_1");
  timer.session.set_sequence(1);
  timer.session.mutable_greeting();
  timer.consumed.emplace_back().input.mutable_timer_due();
  // It arrives after the timer was stepped and before that is committed.
  Append(HintedEvent("s_1"));
  ASSERT_TRUE(Commit(timer).ok());
  ASSERT_TRUE(Commit(StepOf(Load("s_1"))).ok());
  const auto inputs = store().ReadInputs("s_1");
  ASSERT_TRUE(inputs.ok());
  ASSERT_THAT(*inputs, SizeIs(3));
  EXPECT_TRUE((*inputs)[0].input.has_start_bridge());
  EXPECT_TRUE((*inputs)[1].input.has_timer_due());
  EXPECT_TRUE((*inputs)[2].input.has_provider_event());
}

TEST_P(CommitTest, ShowsASessionOnceAStepGaveItAPhase) {
  EXPECT_EQ(store().GetSession("s_1").status().code(), absl::StatusCode::kNotFound);
  Begin("s_1");
  EXPECT_EQ(store().GetSession("s_1").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store().Count()->live_sessions, 1);
  SessionCommit ignored = StepOf(Load("s_1"));
  ignored.session.clear_phase();
  ASSERT_TRUE(Commit(ignored).ok());
  EXPECT_EQ(store().GetSession("s_1").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store().Count()->live_sessions, 0);
  Run("s_2");
  EXPECT_EQ(store().GetSession("s_2")->session_id(), "s_2");
  EXPECT_EQ(store().Count()->live_sessions, 1);
  End("s_2");
  EXPECT_TRUE(store().GetSession("s_2")->has_ended());
  EXPECT_EQ(store().Count()->live_sessions, 0);
}

TEST_P(CommitTest, StepsAnInputOfAnEndedSessionLikeAnyOther) {
  Run("s_1");
  End("s_1");
  EXPECT_EQ(Append(HintedEvent("s_1")).result, Appended::Result::kStored);
  EXPECT_TRUE(Commit(StepOf(Load("s_1"))).ok());
  EXPECT_THAT(*store().ReadInputs("s_1"), SizeIs(3));
}

TEST_P(CommitTest, CountsAttemptsToStepASessionUntilOneIsCommitted) {
  Begin("s_1");
  EXPECT_EQ(*store().MarkStepping("s_1"), 0);
  Reopen();
  EXPECT_EQ(*store().MarkStepping("s_1"), 1);
  EXPECT_EQ(Load("s_1").revision, 0) << "a mark is not a commit";
  ASSERT_TRUE(Commit(StepOf(Load("s_1"))).ok());
  EXPECT_EQ(*store().MarkStepping("s_1"), 0);
  EXPECT_EQ(store().MarkStepping("s_nobody").status().code(), absl::StatusCode::kNotFound);
}

TEST_P(CommitTest, KnowsWhetherTheServerBeforeGotToItsEnd) {
  EXPECT_FALSE(*store().BeginRun());
  Reopen();
  EXPECT_TRUE(*store().BeginRun());
  ASSERT_TRUE(store().EndRun().ok());
  Reopen();
  EXPECT_FALSE(*store().BeginRun());
}

TEST_P(CommitTest, TellsListenersOfEveryChangeUntilTheyAreRemoved) {
  int calls = 0;
  const int token = store().AddListener([&calls] { ++calls; });
  Begin("s_1");
  EXPECT_EQ(calls, 1);
  ASSERT_TRUE(Commit(StepOf(Load("s_1"))).ok());
  EXPECT_EQ(calls, 2);
  store().RemoveListener(token);
  Append(HintedEvent("s_1"));
  EXPECT_EQ(calls, 2);
}

TEST_P(CommitTest, TellsTheReplyOfEachRequestWhoseStepIsStoredAndOfNothingElse) {
  std::vector<std::pair<std::int64_t, int>> told;
  const int token =
      store().AddReplyListener([&told](std::int64_t input_id, const internal::v1::Reply& reply) {
        told.emplace_back(input_id, reply.error());
      });
  const Appended start = Append(StartRequest("s_1", "request-1"));
  Append(HintedEvent("s_1"));
  EXPECT_THAT(told, ::testing::IsEmpty()) << "nothing was stepped";
  SessionCommit commit = StepOf(Load("s_1"));
  SessionCommit late = commit;
  commit.consumed.front().has_reply = true;
  commit.consumed.front().reply.set_error(callbridge::v1::ERROR_REASON_OFFER_GONE);
  ASSERT_TRUE(Commit(commit).ok());
  const std::pair<std::int64_t, int> refused(start.input_id,
                                             callbridge::v1::ERROR_REASON_OFFER_GONE);
  EXPECT_THAT(told, ::testing::ElementsAre(refused));
  EXPECT_EQ(Commit(late).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(told.size(), 1U) << "what was not stored is not told";
  NewInput end;
  end.session_id = "s_1";
  end.input.mutable_end_session();
  const Appended ending = Append(end);
  ASSERT_TRUE(Commit(StepOf(Load("s_1"))).ok());
  const std::pair<std::int64_t, int> without_reply(ending.input_id, 0);
  EXPECT_THAT(told, ::testing::ElementsAre(refused, without_reply));
  store().RemoveReplyListener(token);
  Append(end);
  ASSERT_TRUE(Commit(StepOf(Load("s_1"))).ok());
  EXPECT_EQ(told.size(), 2U);
}

// ListSessions filters by it.
TEST_P(CommitTest, TakesTheTimeOfCreationThatTheSessionStatesOrElseThatOfItsFirstInput) {
  base::SeededRandomBits random_bits(1);
  const std::string stated = base::MakeSessionId(now(), random_bits);
  const std::string unstated = base::MakeSessionId(now(), random_bits);
  Begin(stated);
  Begin(unstated);
  Advance(std::chrono::minutes(1));
  for (const std::string& id : {stated, unstated}) {
    SessionCommit commit = StepOf(Load(id));
    if (id == stated) *commit.session.mutable_create_time() = base::ToTimestamp(now());
    ASSERT_TRUE(Commit(commit).ok());
  }
  const auto created_in_the_minute_from = [this](base::Time since) {
    SessionFilter filter;
    filter.created_since = since;
    filter.created_before = since + std::chrono::minutes(1);
    std::vector<std::string> ids;
    const auto page = store().ListSessions(filter, "", 10);
    EXPECT_TRUE(page.ok()) << page.status();
    for (const internal::v1::Session& session : page->sessions) ids.push_back(session.session_id());
    return ids;
  };
  EXPECT_THAT(created_in_the_minute_from(kStart), ElementsAre(unstated));
  EXPECT_THAT(created_in_the_minute_from(now()), ElementsAre(stated));
}

CALLBRIDGE_TEST_ENGINES(CommitTest);

}  // namespace
}  // namespace callbridge::store
