// Lists of a store with hundreds of thousands of sessions: a part looks at no more rows than one of
// a small store, and walking all of them misses none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/base/limits.h"
#include "server/store/messages.h"
#include "server/store/rules/terms.h"
#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using callbridge::v1::Outcome;
using callbridge::v1::Session;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kManySessions = 300'000;
// So that all ids have the same length.
constexpr int kFirstNumber = 100'000;
constexpr int kRareOnes = 3;

std::string IdOfNumber(int number) { return "s_" + std::to_string(kFirstNumber + number); }

internal::v1::Session ListedSession(const std::string& session_id, bool rare) {
  internal::v1::Session session;
  session.set_session_id(session_id);
  session.mutable_greeting();
  internal::v1::KeyValue& label = *session.add_labels();
  label.set_key("team");
  label.set_value(rare ? "none" : "all");
  session.add_legs()->mutable_endpoint()->mutable_phone()->set_number(rare ? "+447700900123"
                                                                           : "+447700900999");
  if (rare) session.add_issues();
  if (rare) session.mutable_recordings()->add_recorders()->set_shown(true);
  session.mutable_outcome()->set_result(rare ? Outcome::RESULT_FAILED : Outcome::RESULT_COMPLETED);
  return session;
}

void AddTerms(Connection& connection, const internal::v1::Session& session,
              const std::string& where) {
  std::vector<Term> terms = {LabelTerm("team", session.labels(0).value()),
                             NumberTerm(session.legs(0).endpoint().phone().number()),
                             ResultTerm(session.outcome().result())};
  if (!session.issues().empty()) terms.push_back(IssueTerm());
  if (IsRecorded(session)) terms.push_back(RecordedTerm());
  for (const Term term : terms) {
    Query(connection,
          "INSERT INTO session_terms (term, session_id, session)"
          " SELECT ?, session_id, key FROM sessions WHERE " +
              where)
        .Bind(term)
        .Run();
  }
}

// Straight into the tables and in one transaction, because each by itself would take minutes. The
// many share one body, in which no one's id stands.
void FillTables(Connection& connection) {
  const std::string every = std::to_string(kManySessions / kRareOnes);
  const std::string is_rare = "(key - 1) % " + every + " = 7";
  const auto common = ListedSession("one of many", false);
  connection.Execute("BEGIN");
  Query(connection,
        "WITH RECURSIVE numbers (number) AS"
        " (SELECT 0 UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < ?)"
        "INSERT INTO sessions (key, session_id, revision, sequence, steps, state, result,"
        " create_time, stepping_marks, body)"
        " SELECT number + 1, 's_' || (number + ?), 1, 1, 1, ?, ?, ?, 0, ? FROM numbers")
      .Bind(std::int64_t{kManySessions})
      .Bind(std::int64_t{kFirstNumber})
      .Bind(std::int64_t{Session::STATE_GREETING})
      .Bind(std::int64_t{Outcome::RESULT_COMPLETED})
      .Bind(kStart)
      .Blob(Serialize(common))
      .Run();
  for (int number = 7; number < kManySessions; number += kManySessions / kRareOnes) {
    Query(connection, "UPDATE sessions SET result = ?, body = ? WHERE session_id = ?")
        .Bind(std::int64_t{Outcome::RESULT_FAILED})
        .Blob(Serialize(ListedSession(IdOfNumber(number), true)))
        .Text(IdOfNumber(number))
        .Run();
  }
  AddTerms(connection, common, "NOT " + is_rare);
  AddTerms(connection, ListedSession("", true), is_rare);
  connection.Execute("COMMIT");
  ASSERT_TRUE(connection.TakeFailure().ok());
}

class LongListTest : public testing::Test {
 protected:
  void SetUp() override {
    // Makes the tables.
    ASSERT_TRUE(OpenSqliteStore(path_).ok());
    {
      auto connection = Connection::Open(path_, Connection::Mode::kReadWrite);
      ASSERT_TRUE(connection.ok()) << connection.status();
      FillTables(**connection);
    }
    auto store = OpenSqliteStore(path_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = std::move(*store);
    ASSERT_EQ(store_->Count()->live_sessions, kManySessions);
  }

  // In parts; calls look with each.
  void Walk(const SessionFilter& filter, int part,
            const std::function<void(const SessionPage&)>& look) {
    std::string place;
    do {
      const auto page = store_->ListSessions(filter, place, part);
      ASSERT_TRUE(page.ok()) << page.status();
      ASSERT_LE(page->rows, base::kListRowsMax + base::kListChunk);
      ASSERT_TRUE(place.empty() || page->next_place < place) << "it comes nearer to its end";
      look(*page);
      place = page->next_place;
    } while (!place.empty());
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.File("store");
  std::unique_ptr<Store> store_;
};

TEST_F(LongListTest, FindsTheRareAmongHundredsOfThousandsByFewRows) {
  std::vector<SessionFilter> rare(6);
  rare[0].labels = {{"team", "none"}};
  rare[1].number = "447700900123";
  rare[2].only_with_issues = true;
  rare[3].results = {Outcome::RESULT_FAILED};
  // No session is both, and whichever of the two is rarer is looked at.
  rare[4].labels = {{"team", "all"}};
  rare[4].number = "+447700900123";
  rare[5].only_recorded = true;
  for (std::size_t i = 0; i < rare.size(); ++i) {
    std::vector<std::string> ids;
    int looked_at = 0;
    Walk(rare[i], 50, [&](const SessionPage& page) {
      looked_at += page.rows;
      for (const auto& session : page.sessions) ids.push_back(session.session_id());
    });
    EXPECT_LE(looked_at, 2 * base::kListChunk) << i;
    if (i == 4) {
      EXPECT_THAT(ids, IsEmpty());
      continue;
    }
    ASSERT_THAT(ids, SizeIs(kRareOnes));
    EXPECT_EQ(ids.front(), IdOfNumber(7 + kManySessions / kRareOnes * (kRareOnes - 1)));
    EXPECT_EQ(ids.back(), IdOfNumber(7));
  }
}

TEST_F(LongListTest, ListsAllOfThemPageByPageAndMissesNone) {
  std::size_t sessions = 0;
  Walk({}, base::kListPageSizeMax,
       [&](const SessionPage& page) { sessions += page.sessions.size(); });
  EXPECT_EQ(sessions, std::size_t{kManySessions});
}

TEST_F(LongListTest, LooksAtABoundedNumberOfRowsForWhatNoneOfThemIs) {
  SessionFilter unlikely;
  unlikely.states = {Session::STATE_CONNECTED};
  int parts = 0;
  int looked_at = 0;
  Walk(unlikely, 50, [&](const SessionPage& page) {
    EXPECT_THAT(page.sessions, IsEmpty());
    looked_at += page.rows;
    ++parts;
  });
  EXPECT_EQ(looked_at, kManySessions);
  EXPECT_GE(parts, kManySessions / base::kListRowsMax);
}

}  // namespace
}  // namespace callbridge::store
