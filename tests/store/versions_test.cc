// A file that an earlier version left: all that waits in it is brought along.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using ::testing::ElementsAre;

// Take back what a version has changed.
constexpr char kUndoVersion6[] =
    "ALTER TABLE commands RENAME COLUMN rate_class TO lane; PRAGMA user_version = 5;";
constexpr char kUndoVersion5[] =
    "DROP INDEX commands_pending; DROP INDEX commands_queued;"
    "ALTER TABLE commands DROP COLUMN lane; ALTER TABLE commands DROP COLUMN queue;"
    "CREATE INDEX commands_pending ON commands (urgency, waiting_since_time, session, number)"
    " WHERE status = 1; UPDATE commands SET urgency = min(urgency, 4);"
    "PRAGMA user_version = 4;";
constexpr char kUndoVersion4[] =
    "DROP INDEX sessions_to_dial; ALTER TABLE sessions DROP COLUMN dials_to_come;"
    "ALTER TABLE sessions DROP COLUMN conferences_to_come;"
    "ALTER TABLE sessions DROP COLUMN dial_by_time; PRAGMA user_version = 3;";
constexpr char kUndoVersion3[] = "DROP TABLE session_terms; PRAGMA user_version = 2;";
constexpr char kUndoVersion2[] =
    "DROP INDEX inbox_of; ALTER TABLE inbox DROP COLUMN precedence;"
    "CREATE INDEX inbox_of ON inbox (session, input_id); PRAGMA user_version = 1;";

TEST(Versions, BringsAFileOfVersionOneUpToDateWithWhatWaitsInIt) {
  TemporaryFolder folder;
  const std::string path = folder.File("store");
  const internal::v1::Command dial = DialCommand("s_1", 1);
  {
    auto store = OpenSqliteStore(path);
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_1", "")}, kStart).ok());
    SessionCommit commit = StepOf((*store)->NextSessions(kStart, 1, false)->front());
    commit.commands = {dial};
    ASSERT_TRUE((*store)->Commit({commit}, kStart)->front().ok());
    ASSERT_TRUE((*store)->AppendInputs({HintedEvent("s_1")}, kStart).ok());
    ASSERT_EQ((*store)->TakeCommands({KeyOf(dial)}, kStart, kStart)->size(), 1U);
  }
  {
    // As version 1 left it.
    auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
    ASSERT_TRUE(connection.ok());
    (*connection)
        ->Execute(absl::StrCat(kUndoVersion6, kUndoVersion5, kUndoVersion4, kUndoVersion3,
                               kUndoVersion2));
    ASSERT_TRUE((*connection)->TakeFailure().ok());
  }
  auto store = OpenSqliteStore(path);
  ASSERT_TRUE(store.ok()) << store.status();
  const DueSession work = (*store)->NextSessions(kStart, 1, false)->front();
  ASSERT_EQ(work.inputs.size(), 2U);
  EXPECT_TRUE(work.inputs[0].input.has_command_taken());
  EXPECT_TRUE(work.inputs[1].input.has_provider_event());
}

TEST(Versions, PutsWhatVersionFourLeftInTheLedgerIntoClassesAndQueues) {
  TemporaryFolder folder;
  const std::string path = folder.File("store");
  {
    auto store = OpenSqliteStore(path);
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_1", "")}, kStart).ok());
    SessionCommit commit = StepOf((*store)->NextSessions(kStart, 1, false)->front());
    internal::v1::Command caller = DialCommand("s_1", 3);
    caller.set_leg_id("caller");
    commit.commands = {HangUpCommand("s_1", 1), HangUpCommand("s_1", 2), caller,
                       DialCommand("s_1", 4), DialCommand("s_1", 5)};
    ASSERT_TRUE((*store)->Commit({commit}, kStart)->front().ok());
  }
  {
    auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
    ASSERT_TRUE(connection.ok());
    (*connection)->Execute(absl::StrCat(kUndoVersion6, kUndoVersion5));
    ASSERT_TRUE((*connection)->TakeFailure().ok());
  }
  auto store = OpenSqliteStore(path);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_THAT(Numbers(*(*store)->PendingCommands(kStart, 1)), ElementsAre(1, 4, 3));
  EXPECT_THAT(Numbers(*(*store)->PendingCommands(kStart, 10)), ElementsAre(1, 2, 4, 3));
}

// It would take their sessions for its own, whatever the layout.
TEST(Versions, TheLastProgramWithoutLayoutsOfSessionsRefusesTheFile) {
  constexpr std::int64_t kLastWithoutLayouts = 5;
  TemporaryFolder folder;
  const std::string path = folder.File("store");
  ASSERT_TRUE(OpenSqliteStore(path).ok());
  auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
  ASSERT_TRUE(connection.ok());
  Query version(**connection, "PRAGMA user_version");
  ASSERT_TRUE(version.Next());
  EXPECT_GT(version.Int(0), kLastWithoutLayouts);
}

// Each with a label that a third of them has; all in one commit.
void BeginLabelled(Store& store, int first, int count) {
  std::vector<NewInput> inputs;
  std::vector<SessionCommit> commits;
  for (int number = first; number < first + count; ++number) {
    const std::string id = absl::StrFormat("s_%04d", number);
    inputs.push_back(StartRequest(id, ""));
    SessionCommit& commit = commits.emplace_back();
    commit.session_id = id;
    commit.session.set_session_id(id);
    commit.session.mutable_greeting();
    internal::v1::KeyValue& label = *commit.session.add_labels();
    label.set_key("third");
    label.set_value(number % 3 == 0 ? "yes" : "no");
  }
  ASSERT_TRUE(store.AppendInputs(inputs, kStart).ok());
  const auto committed = store.Commit(commits, kStart);
  ASSERT_TRUE(committed.ok() && committed->back().ok());
}

TEST(Versions, FindsTheSessionsOfAnOlderFileBeforeTheyHaveTermsAndAfterwards) {
  TemporaryFolder folder;
  const std::string path = folder.File("store");
  // More than a few Maintains give terms to.
  constexpr int kSessions = 20 * base::kExpireBatchMax + 3;
  {
    auto store = OpenSqliteStore(path);
    ASSERT_TRUE(store.ok()) << store.status();
    BeginLabelled(**store, 0, kSessions);
  }
  {
    auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
    ASSERT_TRUE(connection.ok());
    (*connection)
        ->Execute(absl::StrCat(kUndoVersion6, kUndoVersion5, kUndoVersion4, kUndoVersion3));
    ASSERT_TRUE((*connection)->TakeFailure().ok());
  }
  auto store = OpenSqliteStore(path);
  ASSERT_TRUE(store.ok()) << store.status();
  const auto count = [&](int* rows) {
    SessionFilter filter;
    filter.labels = {{"third", "yes"}};
    int found = 0;
    std::string place;
    do {
      const auto page = (*store)->ListSessions(filter, place, 500);
      EXPECT_TRUE(page.ok()) << page.status();
      found += static_cast<int>(page->sessions.size());
      *rows += page->rows;
      place = page->next_place;
    } while (!place.empty());
    return found;
  };
  int rows = 0;
  EXPECT_EQ(count(&rows), (kSessions + 2) / 3);
  BeginLabelled(**store, kSessions, 3);
  EXPECT_EQ(count(&rows), (kSessions + 2) / 3 + 1);
  while (true) {
    const auto more = (*store)->Maintain(kStart);
    ASSERT_TRUE(more.ok()) << more.status();
    if (!*more) break;
  }
  rows = 0;
  EXPECT_EQ(count(&rows), (kSessions + 2) / 3 + 1);
  EXPECT_LT(rows, kSessions) << "no session is looked at that has not the label";
}

TEST(Versions, CountsWhatTheSessionsOfVersionThreeWillDial) {
  TemporaryFolder folder;
  const std::string path = folder.File("store");
  {
    auto store = OpenSqliteStore(path);
    ASSERT_TRUE(store.ok()) << store.status();
    for (const char* id : {"s_1", "s_2"}) {
      ASSERT_TRUE((*store)->AppendInputs({StartRequest(id, "")}, kStart).ok());
      SessionCommit commit = StepOf((*store)->NextSessions(kStart, 1, false)->front());
      if (std::string(id) == "s_1") {
        commit.session.mutable_greeting();
      } else {
        commit.session.mutable_connected();
      }
      ASSERT_TRUE((*store)->Commit({commit}, kStart)->front().ok());
    }
  }
  {
    // As version 3 left it.
    auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
    ASSERT_TRUE(connection.ok());
    (*connection)->Execute(absl::StrCat(kUndoVersion6, kUndoVersion5, kUndoVersion4));
    ASSERT_TRUE((*connection)->TakeFailure().ok());
  }
  auto store = OpenSqliteStore(path);
  ASSERT_TRUE(store.ok()) << store.status();
  const Load load = (*store)->ReadLoad().value();
  EXPECT_EQ(load.dials_to_come, 1);
  EXPECT_EQ(load.conferences_to_come, 1);
  EXPECT_EQ(load.live_sessions, 2);
}

}  // namespace
}  // namespace callbridge::store
