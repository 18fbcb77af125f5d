// What only the SQLite engine promises: its file, its lock, its group commit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <latch>
#include <set>
#include <thread>

#include "server/base/limits.h"
#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/group_commit.h"
#include "server/store/sqlite/schema.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/sqlite_view.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using ::testing::HasSubstr;

TEST(SqliteStore, RefusesASecondServer) {
  TemporaryFolder folder;
  auto first = OpenSqliteStore(folder.File("store"));
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = OpenSqliteStore(folder.File("store"));
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("in use by another process"));
  first->reset();
  EXPECT_TRUE(OpenSqliteStore(folder.File("store")).ok());
}

TEST(SqliteStore, RefusesAFileThatIsNoStoreAndOneOfANewerVersion) {
  TemporaryFolder folder;
  std::ofstream(folder.File("text")) << std::string(5000, 'x');
  const auto text = OpenSqliteStore(folder.File("text"));
  EXPECT_EQ(text.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(text.status().message()), HasSubstr("is not a store"));

  ASSERT_TRUE(OpenSqliteStore(folder.File("newer")).ok());
  {
    auto connection = Connection::Open(folder.File("newer"), Connection::Mode::kReadWrite);
    ASSERT_TRUE(connection.ok());
    (*connection)->Execute("PRAGMA user_version = 99");
    ASSERT_TRUE((*connection)->TakeFailure().ok());
  }
  const auto newer = OpenSqliteStore(folder.File("newer"));
  EXPECT_EQ(newer.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(newer.status().message()), HasSubstr("version 99"));

  const auto nowhere = OpenSqliteStore(folder.File("no/such/folder"));
  EXPECT_EQ(nowhere.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(SqliteStore, SaysThatAPageIsDamagedWhenAReaderMeetsIt) {
  TemporaryFolder folder;
  const std::string path = folder.File("store");
  auto store = OpenSqliteStore(path);
  ASSERT_TRUE(store.ok()) << store.status();
  ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_1", "request-1")}, kStart).ok());
  std::int64_t page = 0;
  {
    auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
    ASSERT_TRUE(connection.ok());
    // From the log into the file, where the damage is done.
    (*connection)->Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    Query query(**connection, "SELECT rootpage FROM sqlite_master WHERE name = 'requests'");
    ASSERT_TRUE(query.Next());
    page = query.Int(0);
  }
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp((page - 1) * 4096);
  file << std::string(4096, '\x55');
  file.close();
  const auto request = (*store)->FindRequest("request-2", nullptr);
  EXPECT_TRUE(absl::IsDataLoss(request.status())) << request.status();
  // Only what stands there is lost.
  EXPECT_TRUE((*store)->NextSessions(kStart, 10, false).ok());
}

TEST(SqliteStore, IsReadableByItsOwnerOnly) {
  TemporaryFolder folder;
  auto store = OpenSqliteStore(folder.File("store"));
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_1", "")}, kStart).ok());
  for (const char* name : {"store", "store-wal", "store-lock"}) {
    struct stat status {};
    ASSERT_EQ(stat(folder.File(name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
  }
}

TEST(SqliteStore, WritesThroughToTheDiskBeforeItAnswers) {
  TemporaryFolder folder;
  const std::string path = folder.File("store");
  auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
  ASSERT_TRUE(connection.ok());
  ASSERT_TRUE(PrepareFile(**connection, path).ok());
  const auto setting = [&connection](const std::string& name) {
    Query query(**connection, "PRAGMA " + name);
    return query.Next() ? query.Bytes(0) : std::string();
  };
  EXPECT_EQ(setting("journal_mode"), "wal");
  EXPECT_EQ(setting("synchronous"), "2");
  EXPECT_EQ(setting("mmap_size"), "0");
}

TEST(SqliteStore, FindsWhatIsInFlightWithoutReadingTheWholeLedger) {
  TemporaryFolder folder;
  const std::string path = folder.File("store");
  auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
  ASSERT_TRUE(connection.ok());
  ASSERT_TRUE(PrepareFile(**connection, path).ok());
  // The queries name their indexes, so each fails if its index is gone or does not fit.
  SqliteView view(**connection);
  EXPECT_TRUE(view.InFlightCommands(base::Time::max()).empty());
  EXPECT_TRUE(view.PendingClasses().empty());
  EXPECT_TRUE(view.PendingInClass({}, kStart, 10).empty());
  EXPECT_TRUE(view.QueuedCommands(1).empty());
  EXPECT_TRUE(view.SessionHeads({.living = true}, 10).empty());
  EXPECT_TRUE(view.EndedSessions(kStart, base::Time::max(), 0, 10).empty());
  EXPECT_TRUE((*connection)->TakeFailure().ok());
}

TEST(SqliteStore, KeepsEverythingThroughAnAbruptEnd) {
  TemporaryFolder folder;
  const std::string path = folder.File("store");
  auto store = OpenSqliteStore(path);
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_1", "request-1")}, kStart).ok());
  // What a crash would leave: the files as they are, without a checkpoint.
  std::filesystem::create_directory(folder.File("crashed"));
  for (const char* suffix : {"", "-wal", "-lock"}) {
    std::filesystem::copy_file(path + suffix, folder.File("crashed/store") + suffix);
  }
  auto copy = OpenSqliteStore(folder.File("crashed/store"));
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ((*copy)->store_id(), (*store)->store_id());
  EXPECT_EQ((*copy)->NextSessions(kStart, 10, false)->size(), 1U);
}

TEST(SqliteStore, ServesManyThreadsAtOnceWithoutLosingOrRepeatingAnything) {
  TemporaryFolder folder;
  auto opened = OpenSqliteStore(folder.File("store"));
  ASSERT_TRUE(opened.ok());
  Store& store = **opened;
  std::atomic<int> notified = 0;
  store.AddListener([&notified] { ++notified; });
  constexpr int kThreads = 8;
  constexpr int kInputs = 25;
  std::latch start(kThreads);
  std::vector<std::vector<std::int64_t>> ids(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        start.arrive_and_wait();
        for (int number = 0; number < kInputs; ++number) {
          NewInput input = StartRequest("s_" + std::to_string(thread), "");
          const auto appended = store.AppendInputs({input}, kStart);
          const auto counts = store.Count();
          if (appended.ok() && counts.ok())
            ids[static_cast<std::size_t>(thread)].push_back(appended->front().input_id);
        }
      });
    }
  }
  std::set<std::int64_t> distinct;
  for (const auto& of_thread : ids) {
    EXPECT_TRUE(std::is_sorted(of_thread.begin(), of_thread.end()));
    distinct.insert(of_thread.begin(), of_thread.end());
  }
  EXPECT_EQ(distinct.size(), static_cast<std::size_t>(kThreads * kInputs));
  EXPECT_EQ(store.Count()->waiting_inputs, kThreads * kInputs);
  EXPECT_EQ(notified, kThreads * kInputs);
}

TEST(SqliteStore, OfTwoThatCommitTheSameRevisionOneWins) {
  TemporaryFolder folder;
  auto opened = OpenSqliteStore(folder.File("store"));
  ASSERT_TRUE(opened.ok());
  Store& store = **opened;
  for (int round = 0; round < 20; ++round) {
    const std::string id = "s_" + std::to_string(round);
    ASSERT_TRUE(store.AppendInputs({StartRequest(id, "")}, kStart).ok());
    const SessionCommit commit = StepOf(store.NextSessions(kStart, 1, false)->front());
    std::atomic<int> won = 0;
    std::latch start(2);
    {
      std::vector<std::jthread> threads;
      for (int thread = 0; thread < 2; ++thread) {
        threads.emplace_back([&] {
          start.arrive_and_wait();
          const auto statuses = store.Commit({commit}, kStart);
          if (statuses.ok() && statuses->front().ok()) ++won;
        });
      }
    }
    EXPECT_EQ(won, 1);
  }
}

TEST(SqliteConnection, TheFirstFailureSticksUntilItIsTaken) {
  TemporaryFolder folder;
  auto opened = Connection::Open(folder.File("store"), Connection::Mode::kReadWrite);
  ASSERT_TRUE(opened.ok());
  Connection& connection = **opened;
  connection.Execute("CREATE TABLE numbers (number INTEGER) STRICT");
  Query(connection, "INSERT INTO nowhere VALUES (1)").Run();
  Query(connection, "INSERT INTO numbers VALUES (1)").Run();
  EXPECT_TRUE(connection.failed());
  EXPECT_THAT(std::string(connection.TakeFailure().message()), HasSubstr("nowhere"));
  Query count(connection, "SELECT count(*) FROM numbers");
  ASSERT_TRUE(count.Next());
  EXPECT_EQ(count.Int(0), 0);
}

TEST(SqliteConnection, KeepsTheStatementsThatAreUsedAndForgetsOthers) {
  TemporaryFolder folder;
  auto opened = Connection::Open(folder.File("store"), Connection::Mode::kReadWrite);
  ASSERT_TRUE(opened.ok());
  Connection& connection = **opened;
  // In use all the time.
  Query outer(connection,
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)"
              " SELECT i FROM n");
  int rows = 0;
  while (outer.Next()) {
    Query inner(connection, "SELECT " + std::to_string(++rows));
    ASSERT_TRUE(inner.Next());
    ASSERT_EQ(inner.Int(0), rows);
  }
  EXPECT_EQ(rows, 999);
  EXPECT_EQ(connection.statements(), base::kStatementsMax);
  EXPECT_TRUE(connection.TakeFailure().ok());
}

// What was copied is synced by the store then, and not by SQLite.
TEST(SqliteConnection, ACopyThatAReaderHoldsBackIsNoFailure) {
  TemporaryFolder folder;
  auto writer = Connection::Open(folder.File("store"), Connection::Mode::kReadWrite);
  ASSERT_TRUE(writer.ok()) << writer.status();
  (*writer)->Execute("PRAGMA journal_mode = WAL; CREATE TABLE numbers (number INTEGER) STRICT");
  auto reader = Connection::Open(folder.File("store"), Connection::Mode::kReadOnly);
  ASSERT_TRUE(reader.ok()) << reader.status();
  (*reader)->Execute("BEGIN; SELECT count(*) FROM numbers;");
  (*writer)->Execute("INSERT INTO numbers VALUES (1)");
  EXPECT_GT((*writer)->Checkpoint(false), 0) << "the log holds what is not copied";
  EXPECT_TRUE((*writer)->TakeFailure().ok());
  EXPECT_TRUE((*reader)->TakeFailure().ok());
}

TEST(SqliteConnectionDeathTest, AWriterEndsTheProcessWhenTheFileFails) {
  TemporaryFolder folder;
  auto opened = Connection::Open(folder.File("store"), Connection::Mode::kReadWrite);
  ASSERT_TRUE(opened.ok());
  Connection& connection = **opened;
  connection.Execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY) STRICT");
  connection.CrashOnDamage();
  EXPECT_DEATH(
      {
        Query(connection, "INSERT INTO numbers VALUES (1)").Run();
        Query(connection, "INSERT INTO numbers VALUES ('one')").Run();
      },
      "it is unknown what reached the disk");
}

TEST(GroupCommit, RunsWhatWaitsAsOneBatchInOrderOfArrival) {
  std::latch first_runs(1);
  std::latch others_wait(1);
  std::vector<std::size_t> sizes;
  GroupCommit group([&](const GroupCommit::Batch& batch) {
    if (sizes.empty()) {
      first_runs.count_down();
      others_wait.wait();
    }
    sizes.push_back(batch.size());
    for (GroupCommit::Entry* entry : batch) entry->status = absl::OkStatus();
  });
  const std::function<absl::Status(Transaction&)> work = [](Transaction&) {
    return absl::OkStatus();
  };
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { done += group.Run(work).ok(); });
    first_runs.wait();
    for (int thread = 0; thread < 5; ++thread) {
      threads.emplace_back([&] { done += group.Run(work).ok(); });
    }
    while (group.waiting() < 5) std::this_thread::yield();
    others_wait.count_down();
  }
  EXPECT_EQ(done, 6);
  EXPECT_THAT(sizes, ::testing::ElementsAre(1U, 5U));
}

}  // namespace
}  // namespace callbridge::store
