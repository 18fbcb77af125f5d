// Lists of sessions, and what becomes of expired ones.
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using callbridge::v1::Outcome;
using callbridge::v1::Session;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SessionListTest : public StoreTest {
 protected:
  static SessionFilter InStates(std::vector<Session::State> states) {
    SessionFilter filter;
    filter.states = std::move(states);
    return filter;
  }

  std::vector<std::string> List(const SessionFilter& filter, const std::string& before_id = "",
                                int limit = 100) {
    const auto sessions = store().ListSessions(filter, before_id, limit);
    EXPECT_TRUE(sessions.ok()) << sessions.status();
    std::vector<std::string> ids;
    for (const internal::v1::Session& session : *sessions) ids.push_back(session.session_id());
    return ids;
  }

  // Lets the change step the session once more.
  void Change(const std::string& session_id, const std::function<void(SessionCommit&)>& change) {
    Append(HintedEvent(session_id));
    SessionCommit commit = StepOf(Load(session_id));
    change(commit);
    ASSERT_TRUE(Commit(commit).ok());
  }
};

TEST_P(SessionListTest, PagesFromTheNewestToTheOldest) {
  for (const char* id : {"s_2", "s_1", "s_4", "s_3"}) Run(id);
  Begin("s_5");
  EXPECT_THAT(List({}), ElementsAre("s_4", "s_3", "s_2", "s_1")) << "s_5 was never stepped";
  EXPECT_THAT(List({}, "", 2), ElementsAre("s_4", "s_3"));
  EXPECT_THAT(List({}, "s_3", 2), ElementsAre("s_2", "s_1"));
  EXPECT_THAT(List({}, "s_1", 2), IsEmpty());
}

TEST_P(SessionListTest, FindsOneAmongManyThatDoNotMatch) {
  for (int number = 0; number < base::kListChunk + 10; ++number) {
    Run("s_" + std::to_string(100000 + number));
  }
  Change("s_100003", [](SessionCommit& commit) { AddEvent(commit, Session::STATE_CONNECTED); });
  EXPECT_THAT(List(InStates({Session::STATE_CONNECTED, Session::STATE_JOINING})),
              ElementsAre("s_100003"));
}

TEST_P(SessionListTest, FiltersByStateAndResult) {
  Run("s_1");
  Run("s_2");
  End("s_2");
  EXPECT_THAT(List(InStates({Session::STATE_GREETING})), ElementsAre("s_1"));
  EXPECT_THAT(List(InStates({Session::STATE_ENDED})), ElementsAre("s_2"));
  EXPECT_THAT(List(InStates({Session::STATE_ENDED, Session::STATE_GREETING})),
              ElementsAre("s_2", "s_1"));
  SessionFilter cancelled;
  cancelled.results = {Outcome::RESULT_CANCELLED, Outcome::RESULT_FAILED};
  EXPECT_THAT(List(cancelled), ElementsAre("s_2"));
  cancelled.results = {Outcome::RESULT_FAILED};
  EXPECT_THAT(List(cancelled), IsEmpty());
}

TEST_P(SessionListTest, FiltersByAllLabels) {
  Run("s_1");
  Change("s_1", [](SessionCommit& commit) {
    for (const auto& [key, value] : {std::pair("team", "red"), std::pair("town", "bonn")}) {
      internal::v1::KeyValue& label = *commit.session.add_labels();
      label.set_key(key);
      label.set_value(value);
    }
  });
  SessionFilter filter;
  filter.labels = {{"team", "red"}};
  EXPECT_THAT(List(filter), ElementsAre("s_1"));
  filter.labels = {{"team", "red"}, {"town", "bonn"}};
  EXPECT_THAT(List(filter), ElementsAre("s_1"));
  filter.labels = {{"team", "red"}, {"town", "jena"}};
  EXPECT_THAT(List(filter), IsEmpty());
}

TEST_P(SessionListTest, FiltersByTimeOfCreation) {
  Run("s_1");
  Advance(std::chrono::seconds(1));
  Run("s_2");
  SessionFilter filter;
  filter.created_after = kStart + std::chrono::seconds(1);
  EXPECT_THAT(List(filter), ElementsAre("s_2"));
  filter.created_after.reset();
  filter.created_before = kStart + std::chrono::seconds(1);
  EXPECT_THAT(List(filter), ElementsAre("s_1"));
}

TEST_P(SessionListTest, FiltersByCallRequestAndIssues) {
  Run("s_1", "request-1");
  Run("s_2", "request-2");
  Change("s_1", [](SessionCommit& commit) {
    commit.session.add_legs()->set_call_id("call-1");
    commit.session.add_issues();
  });
  SessionFilter by_call;
  by_call.call_id = "call-1";
  EXPECT_THAT(List(by_call), ElementsAre("s_1"));
  EXPECT_THAT(List(by_call, "s_1"), IsEmpty()) << "the page before ended with it";
  by_call.call_id = "call-2";
  EXPECT_THAT(List(by_call), IsEmpty());
  SessionFilter by_request;
  by_request.request_id = "request-2";
  EXPECT_THAT(List(by_request), ElementsAre("s_2"));
  by_request.states = {Session::STATE_ENDED};
  EXPECT_THAT(List(by_request), IsEmpty());
  SessionFilter with_issues;
  with_issues.with_issues = true;
  EXPECT_THAT(List(with_issues), ElementsAre("s_1"));
}

TEST_P(SessionListTest, ARequestThatLostItsOfferDidNotStartTheSession) {
  Run("s_1", "winner");
  NewInput loser = StartRequest("s_1", "loser");
  loser.creates_session_id.clear();
  EXPECT_EQ(Append(loser).result, Appended::Result::kStored);
  SessionFilter filter;
  filter.request_id = "loser";
  EXPECT_THAT(List(filter), IsEmpty());
}

TEST_P(SessionListTest, GivesASnapshotOfTheLivingAndTheRecentlyEnded) {
  Run("s_1");
  Run("s_2");
  Run("s_3");
  End("s_1");
  Advance(std::chrono::minutes(10));
  End("s_3");
  SessionFilter filter;
  filter.live_or_ended_after = kStart;
  EXPECT_THAT(List(filter), ElementsAre("s_3", "s_2"));
  filter.live_or_ended_after = now();
  EXPECT_THAT(List(filter), ElementsAre("s_2"));
  filter.live_or_ended_after = kStart - std::chrono::seconds(1);
  EXPECT_THAT(List(filter), ElementsAre("s_3", "s_2", "s_1"));
  EXPECT_THAT(List(filter, "s_3", 1), ElementsAre("s_2"));
}

TEST_P(SessionListTest, DropsAnExpiredSessionWithAllThatBelongsToIt) {
  Run("s_1", "request-1");
  Change("s_1", [](SessionCommit& commit) {
    commit.session.add_legs()->set_call_id("call-1");
    commit.commands = {DialCommand("s_1", 1), HangUpCommand("s_1", 2)};
  });
  ASSERT_EQ(store()
                .TakeCommands({{.session_id = "s_1", .number = 1, .attempt = 1}}, now(), now())
                ->size(),
            1U);
  Run("s_2");
  End("s_1");
  Advance(std::chrono::minutes(59));
  ASSERT_TRUE(store().Maintain(now()).ok());
  EXPECT_TRUE(store().GetSession("s_1").ok());

  Advance(std::chrono::minutes(1));
  ASSERT_TRUE(store().Maintain(now()).ok());
  EXPECT_THAT(List({}), ElementsAre("s_2"));
  EXPECT_EQ(store().GetSession("s_1").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store().ReadEvents("s_1", 0, 10).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store().ReadInputs("s_1").status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(*store().PendingCommands(now(), 10), IsEmpty());
  EXPECT_THAT(*store().InFlightSince(base::Time::max()), IsEmpty());
  EXPECT_EQ(store().FindRequest("request-1", nullptr).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Append(CallEvent("call-1")).result, Appended::Result::kParked);
  EXPECT_EQ(Append(StartRequest("s_3", "request-1")).result, Appended::Result::kStored);
}

TEST_P(SessionListTest, KeepsAnExpiredSessionThatStillHasSomethingToDo) {
  Run("s_1");
  End("s_1");
  Run("s_2");
  End("s_2");
  Change("s_2",
         [this](SessionCommit& commit) { commit.wake_time = now() + std::chrono::hours(8); });
  Append(HintedEvent("s_1"));
  Advance(std::chrono::hours(2));
  ASSERT_TRUE(store().Maintain(now()).ok());
  EXPECT_TRUE(store().GetSession("s_1").ok());
  EXPECT_TRUE(store().GetSession("s_2").ok());
}

TEST_P(SessionListTest, DropsManyExpiredSessionsAndThoseWithoutAPhase) {
  for (int number = 0; number < 2 * base::kExpireBatchMax + 5; ++number) {
    const std::string id = "s_" + std::to_string(number);
    Begin(id);
    SessionCommit ignored = StepOf(Load(id));
    ignored.session.clear_phase();
    ASSERT_TRUE(Commit(ignored).ok());
  }
  Run("s_alive");
  Advance(base::kEmptySessionAge);
  // A few at a time.
  EXPECT_TRUE(*store().Maintain(now()));
  EXPECT_TRUE(*store().Maintain(now()));
  EXPECT_TRUE(store().ReadInputs("s_24").ok());
  EXPECT_FALSE(*store().Maintain(now()));
  for (int number = 0; number < 2 * base::kExpireBatchMax + 5; ++number) {
    EXPECT_EQ(store().ReadInputs("s_" + std::to_string(number)).status().code(),
              absl::StatusCode::kNotFound);
  }
  EXPECT_THAT(List({}), ElementsAre("s_alive"));
}

CALLBRIDGE_TEST_ENGINES(SessionListTest);

}  // namespace
}  // namespace callbridge::store
