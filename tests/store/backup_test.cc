// What operators do to a store beside the server: a backup, a check; and a start that reads little
// of a large file.
#include "server/store/sqlite/backup.h"

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/file_check.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/read_only_disk.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kMiB = 1024 * 1024;

// Every page but the first loses its content.
void Damage(const std::string& path) {
  const auto pages = static_cast<std::int64_t>(std::filesystem::file_size(path)) / 4096;
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  for (std::int64_t page = 1; page < pages; ++page) {
    file.seekp(4096 * page);
    file << std::string(4096, '\x55');
  }
}

// What this process has read from files so far.
std::int64_t BytesRead() {
  std::ifstream counters("/proc/self/io");
  std::string name;
  std::int64_t value = 0;
  counters >> name >> value;
  EXPECT_EQ(name, "rchar:");
  return value;
}

TEST(Backup, IsOneCompleteFileOfItsOwnerWhileTheServerRuns) {
  TemporaryFolder folder;
  auto store = OpenSqliteStore(folder.File("store"));
  ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_1", "request-1")}, kStart).ok());
  ASSERT_TRUE(BackUpSqliteStore(folder.File("store"), folder.File("backup")).ok());
  struct stat found {};
  ASSERT_EQ(stat(folder.File("backup").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(folder.File("backup.partial")));
  ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_2", "")}, kStart).ok()) << "it runs on";
  auto copy = OpenSqliteStore(folder.File("backup"));
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_TRUE((*copy)->FindRequest("request-1", nullptr).ok());
  EXPECT_EQ((*copy)->Count()->live_sessions, 1);
}

TEST(Backup, ReplacesNoFileAndNamesWhatIsMissing) {
  TemporaryFolder folder;
  { ASSERT_TRUE(OpenSqliteStore(folder.File("store")).ok()); }
  std::ofstream(folder.File("there")) << "mine";
  const absl::Status there = BackUpSqliteStore(folder.File("store"), folder.File("there"));
  EXPECT_EQ(there.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(there.message()), HasSubstr("exists already"));
  EXPECT_THAT(std::string(BackUpSqliteStore(folder.File("none"), folder.File("backup")).message()),
              HasSubstr("there is no store"));
  const absl::Status nowhere = BackUpSqliteStore(folder.File("store"), folder.File("no/such"));
  EXPECT_EQ(nowhere.code(), absl::StatusCode::kUnavailable);
}

TEST(FileCheck, FindsASoundStoreSoundAlsoBesideItsServer) {
  TemporaryFolder folder;
  auto store = OpenSqliteStore(folder.File("store"));
  ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_1", "")}, kStart).ok());
  EXPECT_TRUE(CheckSqliteFile(folder.File("store")).ok());
  EXPECT_TRUE(CheckTables(folder.File("store"), {}).ok());
}

TEST(FileCheck, TellsAFileThatHoldsNoStore) {
  TemporaryFolder folder;
  std::ofstream(folder.File("text")) << std::string(5'000, 'x');
  {
    auto other = Connection::Open(folder.File("other"), Connection::Mode::kReadWrite);
    ASSERT_TRUE(other.ok()) << other.status();
    (*other)->Execute("CREATE TABLE songs (name TEXT)");
  }
  for (const char* file : {"text", "other"}) {
    for (const absl::Status& found :
         {CheckSqliteFile(folder.File(file)), ReadFileVersion(folder.File(file)).status()}) {
      EXPECT_EQ(found.code(), absl::StatusCode::kFailedPrecondition) << file;
      EXPECT_THAT(std::string(found.message()), HasSubstr("holds no store"));
    }
  }
}

// Only what SQLite finds in the file is damage: whoever restores a backup loses what is newer.
TEST(FileCheck, AStoreThatCannotBeOpenedIsNotDamaged) {
  TemporaryFolder folder;
  { ASSERT_TRUE(OpenSqliteStore(folder.File("store")).ok()); }
  const auto sayings = [&folder](const char* file) {
    return std::vector<absl::Status>{CheckSqliteFile(folder.File(file)),
                                     CheckTables(folder.File(file), {}),
                                     ReadFileVersion(folder.File(file)).status()};
  };
  // SQLite cannot open its log (CANTOPEN), cannot read the file (IOERR), or finds none.
  std::filesystem::remove(folder.File("store-wal"));
  std::filesystem::create_directory(folder.File("store-wal"));
  std::filesystem::create_directory(folder.File("folder"));
  for (const char* file : {"store", "folder", "none"}) {
    for (const absl::Status& found : sayings(file)) {
      EXPECT_FALSE(found.ok()) << file;
      EXPECT_FALSE(absl::IsDataLoss(found)) << found;
      EXPECT_THAT(std::string(found.message()),
                  AllOf(HasSubstr("cannot be opened"), Not(HasSubstr("backup"))))
          << file;
    }
  }
}

TEST(FileCheck, SaysThatTheFileSystemIsReadOnly) {
  TemporaryFolder folder;
  const std::string path = folder.File("store");
  const auto said = tests::AskOnReadOnlyDisk(
      folder.File(""), [&path] { (void)OpenSqliteStore(path); },
      [&path] {
        return absl::StrCat(CheckSqliteFile(path).message(), "\n",
                            ReadFileVersion(path).status().message());
      });
  if (!said.has_value()) return;
  EXPECT_THAT(*said, ContainsRegex("its file system is read-only.*\n.*file system is read-only"));
  EXPECT_THAT(*said, Not(HasSubstr("damage")));
}

// A long check meets the hourly end of old dedupe keys.
TEST(FileCheck, ATableThatIsDroppedMeanwhileIsNotDamaged) {
  TemporaryFolder folder;
  { ASSERT_TRUE(OpenSqliteStore(folder.File("store")).ok()); }
  auto writer = Connection::Open(folder.File("store"), Connection::Mode::kReadWrite);
  ASSERT_TRUE(writer.ok()) << writer.status();
  // The tables are checked in the order of their names.
  (*writer)->Execute("CREATE TABLE aaa_filled (key BLOB); CREATE TABLE aab_dropped (key BLOB)");
  (*writer)->Execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
      "INSERT INTO aaa_filled SELECT randomblob(100) FROM n");
  ASSERT_TRUE((*writer)->TakeFailure().ok());
  bool dropped = false;
  const absl::Status checked = CheckTables(folder.File("store"), [&] {
    // This is asked while the first table is read.
    if (!dropped) (*writer)->Execute("DROP TABLE aab_dropped");
    dropped = true;
    return false;
  });
  EXPECT_TRUE(dropped);
  EXPECT_TRUE(checked.ok()) << checked;
}

TEST(FileCheck, FindsDamage) {
  TemporaryFolder folder;
  {
    auto store = OpenSqliteStore(folder.File("store"));
    ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_1", "request-1")}, kStart).ok());
  }
  Damage(folder.File("store"));
  for (const absl::Status& found :
       {CheckSqliteFile(folder.File("store")), CheckTables(folder.File("store"), {})}) {
    EXPECT_EQ(found.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(found.message()), HasSubstr("restore it from a backup"));
  }
}

TEST(FileCheck, StopsWhenItIsTold) {
  TemporaryFolder folder;
  auto store = OpenSqliteStore(folder.File("store"));
  // So many that the check is long enough to be stopped. Of parked inputs fewer would be kept.
  std::vector<NewInput> waiting = {StartRequest("s_1", "")};
  waiting.resize(20'000, HintedEvent("s_1"));
  ASSERT_TRUE((*store)->AppendInputs(waiting, kStart).ok());
  const auto count_asked = [&](bool stop) {
    int asked = 0;
    const absl::Status checked = CheckTables(folder.File("store"), [&] {
      ++asked;
      return stop;
    });
    EXPECT_TRUE(checked.ok()) << checked;
    return asked;
  };
  const int stopped = count_asked(true);
  EXPECT_GT(stopped, 0);
  EXPECT_LT(stopped, count_asked(false));
}

TEST(Damage, IsToldByAReaderThatMeetsItAndTheServerGoesOn) {
  TemporaryFolder folder;
  {
    auto store = OpenSqliteStore(folder.File("store"));
    ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_1", "request-1")}, kStart).ok());
  }
  const base::LogCapture log;
  auto store = OpenSqliteStore(folder.File("store"));
  Damage(folder.File("store"));
  for (int i = 0; i < 2 * base::kStoreReadersMax; ++i) {
    const absl::Status found = (*store)->FindRequest("request-1", nullptr).status();
    EXPECT_EQ(found.code(), absl::StatusCode::kDataLoss) << found;
  }
  EXPECT_THAT(log.Lines(), Contains(HasSubstr("store_damaged")));
}

TEST(DamageDeathTest, EndsTheServerWhenAWriterMeetsIt) {
  TemporaryFolder folder;
  {
    auto store = OpenSqliteStore(folder.File("store"));
    ASSERT_TRUE((*store)->AppendInputs({StartRequest("s_1", "request-1")}, kStart).ok());
  }
  EXPECT_DEATH(
      {
        auto store = OpenSqliteStore(folder.File("store"));
        Damage(folder.File("store"));
        if (!(*store)->AppendInputs({StartRequest("s_2", "request-2")}, kStart).ok()) std::exit(1);
      },
      "the store failed");
}

// Whatever the size of the file: a start must not wait for the disk.
TEST(Start, ReadsLittleOfALargeFile) {
  TemporaryFolder folder;
  {
    auto store = OpenSqliteStore(folder.File("store"));
    internal::v1::InboxItem item;
    item.mutable_quarantined()->set_body(std::string(kMiB, 'x'));
    for (int i = 0; i < 80; ++i) ASSERT_TRUE((*store)->Quarantine({item}, base::Time{}).ok());
  }
  ASSERT_GE(std::filesystem::file_size(folder.File("store")), 80U * kMiB);
  const std::int64_t before = BytesRead();
  auto store = OpenSqliteStore(folder.File("store"));
  ASSERT_TRUE(store.ok());
  EXPECT_LE(BytesRead() - before, 4 * kMiB);
}

TEST(Start, IsGivenUpWhenItIsTold) {
  TemporaryFolder folder;
  const auto stopped = OpenSqliteStore(folder.File("store"), {.stop = [] { return true; }});
  EXPECT_EQ(stopped.status().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(OpenSqliteStore(folder.File("store")).ok());
}

}  // namespace
}  // namespace callbridge::store
