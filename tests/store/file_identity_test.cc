// Which file a store opens: the one that it ran with, a backup in its place, a copy, another name,
// another user's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "server/store/sqlite/backup.h"
#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/file_lock.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/read_only_disk.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::array kFiles = {"", "-wal", "-shm", "-lock"};

std::string BytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void Copy(const std::string& from, const std::string& to) {
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
}

class FileIdentityTest : public testing::Test {
 protected:
  FileIdentityTest() { std::filesystem::create_directory(folder_.File("crashed")); }

  void Add(Store& store, int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(
          store.AppendInputs({StartRequest("s_" + std::to_string(++sessions_), "")}, kStart).ok());
    }
  }
  // What a server leaves that is killed now: all files as they are.
  void Crash() {
    for (const char* suffix : kFiles) Copy(path_ + suffix, crashed_ + suffix);
  }
  std::int64_t SessionsOf(const std::string& path) {
    auto store = OpenSqliteStore(path);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? (*store)->Count()->live_sessions : -1;
  }
  std::string IdOf(const std::string& path) {
    auto store = OpenSqliteStore(path);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? (*store)->store_id() : "";
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.File("store");
  const std::string crashed_ = folder_.File("crashed/store");
  const std::string backup_ = folder_.File("backup");
  int sessions_ = 0;
};

// Backups of every kind, of every moment, put in place of the file of a server that was killed.
TEST_F(FileIdentityTest, RefusesABackupBesideAForeignLogAndLeavesItUntouched) {
  using Backup = void (*)(const std::string& path, const std::string& to);
  const Backup vacuum = [](const std::string& path, const std::string& to) {
    ASSERT_TRUE(BackUpSqliteStore(path, to).ok());
  };
  const Backup copy = [](const std::string& path, const std::string& to) { Copy(path, to); };
  for (const Backup backup : {vacuum, copy}) {
    // The copy of an open file is none of its newest content; of a closed one it is complete.
    const bool closed = backup == copy;
    std::filesystem::remove(backup_);
    {
      auto store = OpenSqliteStore(path_);
      ASSERT_TRUE(store.ok()) << store.status();
      Add(**store, 3);
      if (!closed) backup(path_, backup_);
      Add(**store, 1);
      if (!closed) Crash();
    }
    if (closed) {
      backup(path_, backup_);
      auto store = OpenSqliteStore(path_);
      Add(**store, 1);
      Crash();
    }
    ASSERT_FALSE(BytesOf(crashed_ + "-wal").empty());
    Copy(backup_, crashed_);
    const auto refused = OpenSqliteStore(crashed_);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.status().message()),
                AllOf(HasSubstr("Nothing was changed"), HasSubstr(crashed_ + "-wal"),
                      HasSubstr(crashed_ + "-shm")));
    EXPECT_EQ(BytesOf(crashed_), BytesOf(backup_));
    EXPECT_FALSE(OpenSqliteStore(crashed_).ok()) << "asked again, it says the same";
    std::filesystem::remove(crashed_ + "-wal");
    std::filesystem::remove(crashed_ + "-shm");
    EXPECT_GE(SessionsOf(crashed_), 3);
  }
}

TEST_F(FileIdentityTest, OpensWhatAServerLeftThatWasKilledAtAnyMoment) {
  auto store = OpenSqliteStore(path_);
  ASSERT_TRUE(store.ok());
  const std::string id = (*store)->store_id();
  for (int round = 1; round <= 20; ++round) {
    Add(**store, 1);
    Crash();
    ASSERT_EQ(SessionsOf(crashed_), round);
    ASSERT_EQ(IdOf(crashed_), id);
  }
}

TEST_F(FileIdentityTest, KeepsItsIdThroughRestarts) {
  const std::string id = IdOf(path_);
  EXPECT_EQ(IdOf(path_), id);
  EXPECT_EQ(IdOf(path_), id);
}

TEST_F(FileIdentityTest, ARestoredBackupHasAnIdOfItsOwnForEver) {
  std::string id;
  {
    auto store = OpenSqliteStore(path_);
    id = (*store)->store_id();
    Add(**store, 2);
    ASSERT_TRUE(BackUpSqliteStore(path_, backup_).ok());
    Add(**store, 2);
  }
  Copy(backup_, path_);
  const std::string restored = IdOf(path_);
  EXPECT_NE(restored, id);
  EXPECT_EQ(IdOf(path_), restored);
}

// The record then says that the file is changing, which any file would fit.
TEST_F(FileIdentityTest, ABackupInThePlaceOfAFileWhoseServerDiedWhileItCopiedTheLog) {
  std::string id;
  {
    auto store = OpenSqliteStore(path_);
    id = (*store)->store_id();
    Add(**store, 2);
    ASSERT_TRUE(BackUpSqliteStore(path_, backup_).ok());
    Add(**store, 2);
    Crash();
  }
  {
    auto lock = FileLock::Acquire(crashed_);
    ASSERT_TRUE(lock.ok()) << lock.status();
    ASSERT_TRUE(lock->Write("changing " + std::string(64, '-') + "\n").ok());
  }
  EXPECT_EQ(IdOf(crashed_), id) << "with its log it is what the server left";
  {
    auto lock = FileLock::Acquire(crashed_);
    ASSERT_TRUE(lock->Write("changing " + std::string(64, '-') + "\n").ok());
  }
  Copy(backup_, crashed_);
  std::filesystem::remove(crashed_ + "-wal");
  std::filesystem::remove(crashed_ + "-shm");
  EXPECT_NE(IdOf(crashed_), id);
}

TEST_F(FileIdentityTest, ACopyWithoutItsLockFileHasAnIdOfItsOwn) {
  const std::string id = IdOf(path_);
  Copy(path_, backup_);
  EXPECT_NE(IdOf(backup_), id);
}

TEST_F(FileIdentityTest, AFileOfAnEarlierProgramKeepsItsId) {
  const std::string id = IdOf(path_);
  {
    auto connection = Connection::Open(path_, Connection::Mode::kReadWrite);
    ASSERT_TRUE(connection.ok());
    (*connection)->Execute("DELETE FROM meta WHERE name = 'guarded'");
    ASSERT_TRUE((*connection)->TakeFailure().ok());
  }
  std::ofstream(path_ + "-lock", std::ios::trunc).close();
  EXPECT_EQ(IdOf(path_), id);
}

TEST_F(FileIdentityTest, WithoutTheLogOfAKilledServerItIsAnotherStore) {
  auto store = OpenSqliteStore(path_);
  const std::string id = (*store)->store_id();
  Add(**store, 1);
  Crash();
  std::filesystem::remove(crashed_ + "-wal");
  std::filesystem::remove(crashed_ + "-shm");
  EXPECT_NE(IdOf(crashed_), id);
}

TEST_F(FileIdentityTest, GetsANewIdOnRequest) {
  const std::string id = IdOf(path_);
  ASSERT_TRUE(OpenSqliteStore(path_, {.stop = {}, .new_id = true}).ok());
  EXPECT_NE(IdOf(path_), id);
}

TEST_F(FileIdentityTest, AStartThatFailedRemembersWhatWasRememberedBefore) {
  { ASSERT_TRUE(OpenSqliteStore(path_).ok()); }
  const std::string id = IdOf(path_);
  EXPECT_EQ(OpenSqliteStore(path_, {.stop = [] { return true; }}).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(IdOf(path_), id);
}

TEST_F(FileIdentityTest, TwoNamesOfOneFileMeetInOneLock) {
  std::filesystem::create_symlink(path_, folder_.File("other-name"));
  std::filesystem::create_directory_symlink(folder_.File("."), folder_.File("other-folder"));
  auto store = OpenSqliteStore(path_);
  ASSERT_TRUE(store.ok()) << store.status();
  for (const char* name : {"other-name", "other-folder/store", "crashed/../store"}) {
    const auto second = OpenSqliteStore(folder_.File(name));
    EXPECT_THAT(std::string(second.status().message()), HasSubstr("in use by another process"))
        << name;
  }
}

// A link may lead to a file that the store has yet to make: by itself, from another folder, through
// another link.
TEST_F(FileIdentityTest, ALinkWhoseFileIsMissingMeetsThatFileInOneLock) {
  std::filesystem::create_directory_symlink(folder_.File("crashed"), folder_.File("folder"));
  std::filesystem::create_symlink(folder_.File("first"), folder_.File("absolute"));
  std::filesystem::create_symlink("second", folder_.File("relative"));
  std::filesystem::create_symlink("../third", folder_.File("crashed/upwards"));
  std::filesystem::create_symlink("relative-link", folder_.File("link-of-a-link"));
  std::filesystem::create_symlink("fourth", folder_.File("relative-link"));
  std::filesystem::create_symlink("folder/fifth", folder_.File("through-a-folder"));
  struct Names {
    const char* link;
    const char* file;
  };
  for (const auto& [link, file] :
       {Names{"absolute", "first"}, Names{"relative", "second"}, Names{"crashed/upwards", "third"},
        Names{"link-of-a-link", "fourth"}, Names{"through-a-folder", "crashed/fifth"}}) {
    // By the link first, when there is no file; then by the file's own name.
    for (const auto& [first, second] : {std::pair(link, file), std::pair(file, link)}) {
      const auto store = OpenSqliteStore(folder_.File(first));
      ASSERT_TRUE(store.ok()) << first << ": " << store.status();
      for (const char* name : {first, second}) {
        EXPECT_THAT(std::string(OpenSqliteStore(folder_.File(name)).status().message()),
                    HasSubstr("in use by another process"))
            << first << ", " << name;
      }
      EXPECT_TRUE(std::filesystem::is_regular_file(folder_.File(file))) << file;
    }
  }
}

TEST_F(FileIdentityTest, ARingOfLinksIsNoStore) {
  std::filesystem::create_symlink("one", folder_.File("other"));
  std::filesystem::create_symlink("other", folder_.File("one"));
  EXPECT_FALSE(OpenSqliteStore(folder_.File("one")).ok());
}

TEST_F(FileIdentityTest, SaysWhoseTheFileIsThatItMayNotOpen) {
  std::ofstream(path_ + "-lock").close();
  struct stat found {};
  ASSERT_EQ(stat((path_ + "-lock").c_str(), &found), 0);
  const std::string why = WhyNotOpened(path_ + "-lock", EACCES);
  EXPECT_THAT(
      why,
      AllOf(HasSubstr("Permission denied: it belongs to user " + std::to_string(found.st_uid)),
            HasSubstr("group " + std::to_string(found.st_gid)), HasSubstr("with mode 0"),
            HasSubstr("this process is user " + std::to_string(geteuid())), HasSubstr("chown")));
  EXPECT_THAT(WhyNotOpened(folder_.File("new"), EACCES), HasSubstr("its folder belongs to user"));
  EXPECT_THAT(WhyNotOpened(folder_.File("no/such"), ENOENT),
              HasSubstr("its folder does not exist"));
}

TEST_F(FileIdentityTest, SaysThatTheFileSystemIsReadOnlyAndNotWhoseItIs) {
  EXPECT_THAT(WhyNotOpened(path_, EROFS),
              AllOf(HasSubstr("read-only"), testing::Not(HasSubstr("belongs to"))));
  EXPECT_THAT(WhyNotOpened(path_, EMFILE),
              AllOf(HasSubstr("Too many open files"), testing::Not(HasSubstr("belongs to"))));
  const auto said = tests::AskOnReadOnlyDisk(
      folder_.File(""), [] {},
      [this] { return std::string(OpenSqliteStore(folder_.File("fresh")).status().message()); });
  if (!said.has_value()) return;
  EXPECT_THAT(*said, AllOf(HasSubstr("the lock file"), HasSubstr("its file system is read-only")));
}

}  // namespace
}  // namespace callbridge::store
