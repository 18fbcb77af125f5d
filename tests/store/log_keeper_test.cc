// The log (-wal): that it stays small, also while reads overlap, and what is said when another
// process keeps it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "server/base/log.h"
#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/file_check.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kMiB = 1024 * 1024;

class LogKeeperTest : public testing::Test {
 protected:
  // Of a few KiB each.
  void Write(int mebibytes) {
    internal::v1::InboxItem item;
    item.mutable_quarantined()->set_body(std::string(kMiB / 16, 'x'));
    for (int i = 0; i < 16 * mebibytes; ++i)
      ASSERT_TRUE(store_->Quarantine({item}, base::Time{}).ok());
  }
  std::int64_t LogBytes() const {
    return static_cast<std::int64_t>(std::filesystem::file_size(path_ + "-wal"));
  }
  static int Warnings(const base::LogCapture& log) {
    const auto lines = log.Lines();
    return static_cast<int>(std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
      return line.find("store_log_grows") != std::string::npos;
    }));
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.File("store");
  std::unique_ptr<Store> store_ = OpenSqliteStore(path_).value();
};

TEST_F(LogKeeperTest, StaysSmallWhateverIsWritten) {
  Write(40);
  EXPECT_LE(LogBytes(), 9 * kMiB);
}

TEST_F(LogKeeperTest, IsEmptiedAlsoWhileReadsOverlap) {
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        if (!store_->ListQuarantine(0, 1).ok()) return;
      }
    });
  }
  Write(60);
  readers.clear();
  EXPECT_LE(LogBytes(), 40 * kMiB);
}

TEST_F(LogKeeperTest, WarnsOfAForeignReaderAndIsCutOnceItHasLeft) {
  const base::LogCapture log;
  auto foreign = Connection::Open(path_, Connection::Mode::kReadOnly);
  ASSERT_TRUE(foreign.ok());
  (*foreign)->Execute("BEGIN; SELECT count(*) FROM sessions;");
  ASSERT_TRUE((*foreign)->TakeFailure().ok());
  Write(40);
  EXPECT_EQ(Warnings(log), 0);
  Write(30);
  EXPECT_EQ(Warnings(log), 1);
  EXPECT_GE(LogBytes(), 60 * kMiB);
  Write(70);
  EXPECT_EQ(Warnings(log), 2) << "once more when it has doubled";
  (*foreign)->Execute("COMMIT");
  Write(6);
  EXPECT_LE(LogBytes(), 9 * kMiB);
}

TEST_F(LogKeeperTest, AKilledServersLogIsNoForeignOneAlsoWhenItWasCopiedInPart) {
  auto foreign = Connection::Open(path_, Connection::Mode::kReadOnly);
  (*foreign)->Execute("BEGIN; SELECT count(*) FROM sessions;");
  Write(6);
  std::filesystem::create_directory(folder_.File("crashed"));
  for (const char* suffix : {"", "-wal", "-lock"}) {
    std::filesystem::copy_file(path_ + suffix, folder_.File("crashed/store") + suffix);
  }
  auto crashed = OpenSqliteStore(folder_.File("crashed/store"));
  ASSERT_TRUE(crashed.ok()) << crashed.status();
  EXPECT_EQ((*crashed)->store_id(), store_->store_id());
  EXPECT_EQ((*crashed)->Count()->quarantined, 96);
}

}  // namespace
}  // namespace callbridge::store
