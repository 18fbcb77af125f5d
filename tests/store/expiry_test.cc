// What becomes of sessions whose time is over.
#include "server/store/rules/expiry.h"

#include <utility>

#include "server/store/memory/memory_store.h"
#include "server/store/table_store.h"
#include "tests/store/forwarded_view.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ExpiryTest : public StoreTest {
 protected:
  std::vector<std::string> Listed() {
    const auto page = store().ListSessions({}, "", 100);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> ids;
    for (const internal::v1::Session& session : page->sessions) ids.push_back(session.session_id());
    return ids;
  }
};

TEST_P(ExpiryTest, DropsAnExpiredSessionWithAllThatBelongsToIt) {
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
  EXPECT_THAT(Listed(), ElementsAre("s_2"));
  EXPECT_EQ(store().GetSession("s_1").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store().ReadEvents("s_1", 0, 10).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store().ReadInputs("s_1").status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(*store().PendingCommands(now(), 10), IsEmpty());
  EXPECT_THAT(*store().InFlightSince(base::Time::max()), IsEmpty());
  EXPECT_EQ(store().FindRequest("request-1", nullptr).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Append(CallEvent("call-1")).result, Appended::Result::kParked);
  EXPECT_EQ(Append(StartRequest("s_3", "request-1")).result, Appended::Result::kStored);
}

TEST_P(ExpiryTest, KeepsAnExpiredSessionThatStillHasSomethingToDo) {
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

TEST_P(ExpiryTest, DropsManyExpiredSessionsAndThoseWithoutAPhase) {
  for (int number = 0; number < 2 * base::kExpireBatchMax + 5; ++number) {
    const std::string id = "s_" + std::to_string(number);
    Begin(id);
    SessionCommit ignored = StepOf(Load(id));
    ignored.session.clear_phase();
    ASSERT_TRUE(Commit(ignored).ok());
  }
  Run("s_alive");
  Advance(base::kEmptySessionAge);
  ASSERT_TRUE(store().Maintain(now()).ok());
  EXPECT_EQ(store().ReadInputs("s_0").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store().ReadInputs("s_104").status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Listed(), ElementsAre("s_alive"));
}

TEST_P(ExpiryTest, NothingFindsADroppedSession) {
  Run("s_1");
  Change("s_1", [](SessionCommit& commit) {
    commit.session.add_legs()->mutable_endpoint()->mutable_phone()->set_number("+447700900123");
    commit.session.add_issues();
  });
  End("s_1");
  Advance(std::chrono::hours(1));
  ASSERT_TRUE(store().Maintain(now()).ok());
  // The same name again, with nothing of the old one.
  Run("s_1");
  std::vector<SessionFilter> filters(3);
  filters[0].number = "+447700900123";
  filters[1].only_with_issues = true;
  filters[2].results = {callbridge::v1::Outcome::RESULT_CANCELLED};
  for (const SessionFilter& filter : filters) {
    const auto page = store().ListSessions(filter, "", 10);
    ASSERT_TRUE(page.ok());
    EXPECT_THAT(page->sessions, IsEmpty());
    EXPECT_EQ(page->rows, 0);
  }
}

CALLBRIDGE_TEST_ENGINES(ExpiryTest);

// A transaction that was told of the sessions that have expired before another one changed them.
class LateTransaction final : public Forwarded<Transaction> {
 public:
  LateTransaction(Transaction& whole, const std::vector<ExpiredRow>& listed)
      : Forwarded(whole), listed_(listed), whole_(whole) {}

  std::vector<ExpiredRow> ExpiredSessions(base::Time, int) override { return listed_; }
  void Lock(const std::vector<std::string>& keys) override { whole_.Lock(keys); }
  AddedRows Write(const WriteSet& changes) override { return whole_.Write(changes); }

 private:
  const std::vector<ExpiredRow>& listed_;
  Transaction& whole_;
};

TEST(DropExpired, KeepsASessionForWhichAnInputCameAfterItWasListed) {
  std::vector<std::unique_ptr<Engine>> engines = MakeMemoryReplicas(2);
  const std::unique_ptr<Store> store = *MakeTableStore(std::move(engines[0]));
  ASSERT_TRUE(store->AppendInputs({StartRequest("s_1", "r-1")}, kStart).ok());
  SessionCommit commit = StepOf(store->NextSessions(kStart, 1, true)->front());
  commit.session.mutable_ended();
  ASSERT_TRUE(store->Commit({commit}, kStart)->front().ok());
  const base::Time now = kStart + std::chrono::hours(24 * 365);
  std::vector<ExpiredRow> listed;
  ASSERT_TRUE(engines[1]
                  ->Read([&](View& tables) {
                    listed = tables.ExpiredSessions(now, 1);
                    return absl::OkStatus();
                  })
                  .ok());
  ASSERT_THAT(listed, SizeIs(1));
  ASSERT_EQ(store->AppendInputs({HintedEvent("s_1")}, now)->front().result,
            Appended::Result::kStored);
  ASSERT_TRUE(engines[1]
                  ->Write([&](Transaction& whole) {
                    LateTransaction late(whole, listed);
                    Draft draft(late);
                    DropExpired(late, now, draft);
                    draft.Write();
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_TRUE(store->GetSession("s_1").ok());
}

}  // namespace
}  // namespace callbridge::store
