#include "tests/store/recorded_disk.h"

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>

#include "server/base/check.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/store/store_fixture.h"
#include "tests/store/survivor_check.h"
#include "tests/store/traffic.h"

namespace callbridge::store {
namespace {

// So many pages and the next commit checkpoints.
constexpr int kCheckpointPages = 24;

// What SQLite calls for every connection takes no context. Tests run one after the other.
std::string forced_synchronous;

int IgnoreSynchronous(void*, int action, const char* pragma, const char*, const char*,
                      const char*) {
  const bool ignored = action == SQLITE_PRAGMA && std::string_view(pragma) == "synchronous";
  return ignored ? SQLITE_IGNORE : SQLITE_OK;
}

int Prepare(sqlite3* database, char**, const void*) {
  sqlite3_wal_autocheckpoint(database, kCheckpointPages);
  if (forced_synchronous.empty()) return SQLITE_OK;
  const std::string pragma = "PRAGMA synchronous = " + forced_synchronous;
  const int code = sqlite3_exec(database, pragma.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return code;
  return sqlite3_set_authorizer(database, IgnoreSynchronous, nullptr);
}

using Extension = void (*)();

std::string WrongIn(Connection& connection, const std::vector<std::string>& promises) {
  std::string findings;
  for (const std::string& promise : BrokenPromises(connection, promises)) {
    absl::StrAppend(&findings, "broken: ", promise, "\n");
  }
  for (const std::string& finding : Inconsistencies(connection)) {
    absl::StrAppend(&findings, finding, "\n");
  }
  return findings;
}

}  // namespace

EveryConnection::EveryConnection(const std::string& synchronous) {
  forced_synchronous = synchronous;
  base::Check(sqlite3_auto_extension(reinterpret_cast<Extension>(Prepare)) == SQLITE_OK,
              "SQLite takes no extension");
}

EveryConnection::~EveryConnection() {
  sqlite3_cancel_auto_extension(reinterpret_cast<Extension>(Prepare));
}

std::vector<DiskOperation> Record(const std::string& folder,
                                  const std::function<void(Store&, PowerLossVfs&)>& work) {
  PowerLossVfs vfs;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    vfs.Meet(file.path().string());
  }
  {
    auto store = OpenSqliteStore(folder + "/store");
    EXPECT_TRUE(store.ok()) << store.status();
    if (store.ok()) work(**store, vfs);
  }
  return vfs.log();
}

int RefusedWrites(Store& store, int writes) {
  internal::v1::InboxItem item;
  item.mutable_quarantined()->set_body(std::string(64 * 1024, 'x'));
  int refused = 0;
  for (int i = 0; i < writes; ++i) {
    const auto written = store.Quarantine({item}, kStart);
    if (written.ok()) continue;
    EXPECT_THAT(written.status().ToString(), testing::HasSubstr("full"));
    ++refused;
  }
  const auto listed = store.ListQuarantine(0, writes);
  EXPECT_TRUE(listed.ok() && std::ssize(*listed) == writes - refused) << listed.status();
  if (!listed.ok()) return refused;
  for (const auto& quarantined : *listed) {
    // The log may be full just then, and has room the next time.
    const bool dropped = store.DropQuarantined({quarantined.id()}).ok() ||
                         store.DropQuarantined({quarantined.id()}).ok();
    EXPECT_TRUE(dropped);
  }
  return refused;
}

std::string ImageParent() {
  const std::string memory = "/dev/shm/";
  return std::filesystem::exists(memory) ? memory : testing::TempDir();
}

void WriteImage(const PowerLossDisk::Files& files, const std::string& folder) {
  for (const auto& [path, bytes] : files) {
    const std::string name = std::filesystem::path(path).filename();
    std::ofstream file(folder + "/" + name, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    base::Check(file.good(), "the image of a disk cannot be written");
  }
}

std::string WhatIsBroken(const std::string& folder, const std::vector<std::string>& promises) {
  auto connection = Connection::Open(folder + "/store", Connection::Mode::kReadWrite);
  if (!connection.ok()) return connection.status().ToString();
  return WrongIn(**connection, promises);
}

std::string WhatIsWrong(const std::string& folder, const std::vector<std::string>& promises,
                        std::uint64_t seed) {
  const std::string path = folder + "/store";
  auto store = OpenSqliteStore(path);
  if (!store.ok()) return "the store does not open: " + store.status().ToString();
  auto connection = Connection::Open(path, Connection::Mode::kReadOnly);
  if (!connection.ok()) return connection.status().ToString();
  std::string wrong = WrongIn(**connection, promises);
  if (!wrong.empty()) return wrong;

  std::vector<std::string> later = promises;
  Traffic traffic(**store, "later", seed, kStart + std::chrono::minutes(1),
                  [&later](const std::string& words) { later.push_back(words); });
  traffic.Run(2, 0);
  for (const absl::Status& failure : traffic.failures()) {
    absl::StrAppend(&wrong, failure.ToString(), "\n");
  }
  return wrong + WrongIn(**connection, later);
}

}  // namespace callbridge::store
