// The store on a disk that forgets at any moment what was not synced: whatever was promised is
// kept, and nothing is half there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <latch>
#include <set>
#include <thread>

#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/store/recorded_disk.h"
#include "tests/store/store_fixture.h"
#include "tests/store/survivor_check.h"
#include "tests/store/traffic.h"

namespace callbridge::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = DiskOperation::Kind;
using Log = std::vector<DiskOperation>;
using Promises = std::vector<std::string>;

// A run of the service on a new store.
Log RecordTraffic(std::uint64_t seed, int rounds) {
  TemporaryFolder folder(ImageParent());
  const EveryConnection settings;
  return Record(folder.File(""), [&](Store& store, PowerLossVfs& vfs) {
    Traffic traffic(store, "t", seed, kStart,
                    [&vfs](const std::string& words) { vfs.Promise(words); });
    traffic.Run(rounds, 3);
    EXPECT_THAT(traffic.failures(), IsEmpty());
  });
}

// Goes through a log and stops before every operation from the first on, as if the power failed
// there, until visit says false.
template <typename Visit>
void AtEveryCut(const Log& log, std::size_t first, const Visit& visit) {
  PowerLossDisk disk;
  Promises promises;
  for (std::size_t index = 0; index <= log.size(); ++index) {
    const bool cut = index == log.size() || log[index].kind != Kind::kPromise;
    if (cut && index >= first && !visit(index, disk, promises)) return;
    if (index == log.size()) return;
    if (log[index].kind == Kind::kPromise) promises.push_back(log[index].bytes);
    disk.Apply(log[index]);
  }
}

// One image of many. thorough: with the store itself, which goes on.
std::string WhatALossLeaves(const PowerLossDisk& disk, const Promises& promises, std::uint64_t seed,
                            bool thorough) {
  TemporaryFolder folder(ImageParent());
  std::mt19937_64 random(seed);
  WriteImage(disk.Survivors(random), folder.File(""));
  return thorough ? WhatIsWrong(folder.File(""), promises, seed)
                  : WhatIsBroken(folder.File(""), promises);
}

TEST(PowerLossDisk, ForgetsWhatWasNotSynced) {
  PowerLossDisk disk;
  disk.Apply({.kind = Kind::kCreate, .path = "file"});
  disk.Apply({.kind = Kind::kWrite, .path = "file", .bytes = "synced"});
  disk.Apply({.kind = Kind::kSync, .path = "file"});
  EXPECT_THAT(disk.Synced(), IsEmpty()) << "its name is not durable";
  disk.Apply({.kind = Kind::kSyncFolder});
  disk.Apply({.kind = Kind::kWrite, .path = "file", .bytes = "unsure"});
  EXPECT_THAT(disk.Synced(), ElementsAre(testing::Pair("file", "synced")));
  disk.Apply({.kind = Kind::kDelete, .path = "file"});
  EXPECT_THAT(disk.Synced(), ElementsAre(testing::Pair("file", "synced")));
  disk.Apply({.kind = Kind::kSyncFolder});
  EXPECT_THAT(disk.Synced(), IsEmpty());
}

TEST(PowerLossDisk, KeepsLosesOrTearsAnUnsyncedWrite) {
  constexpr std::size_t kSectors = 3;
  PowerLossDisk disk;
  disk.Apply({.kind = Kind::kCreate, .path = "file"});
  disk.Apply({.kind = Kind::kWrite, .path = "file", .bytes = std::string(kSectors * 512, 'a')});
  disk.Apply({.kind = Kind::kSync, .path = "file"});
  disk.Apply({.kind = Kind::kSyncFolder});
  disk.Apply({.kind = Kind::kWrite, .path = "file", .bytes = std::string(kSectors * 512, 'b')});
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    std::mt19937_64 random(seed);
    const std::string bytes = disk.Survivors(random).at("file");
    std::string sectors;
    for (std::size_t sector = 0; sector < kSectors; ++sector) {
      const std::string content = bytes.substr(sector * 512, 512);
      EXPECT_EQ(content, std::string(512, content.front())) << "a sector is whole";
      sectors += content.front();
    }
    seen.insert(sectors);
  }
  EXPECT_EQ(seen.size(), 8U);
}

TEST(PowerLoss, AtAnyMomentTakesNothingThatWasPromised) {
  const Log log = RecordTraffic(1, 2);
  int images = 0;
  AtEveryCut(log, 0, [&](std::size_t cut, const PowerLossDisk& disk, const Promises& promises) {
    const std::string wrong = WhatALossLeaves(disk, promises, cut, ++images % 10 == 0);
    EXPECT_EQ(wrong, "") << "power lost before operation " << cut;
    return wrong.empty();
  });
  EXPECT_GT(images, 300);
}

TEST(PowerLoss, InManyRunsTakesNothingThatWasPromised) {
  for (std::uint64_t seed = 2; seed <= 8; ++seed) {
    const Log log = RecordTraffic(seed, 3);
    std::mt19937_64 random(seed);
    AtEveryCut(log, 0, [&](std::size_t cut, const PowerLossDisk& disk, const Promises& promises) {
      if (random() % 40 != 0) return true;
      const std::string wrong = WhatALossLeaves(disk, promises, random(), true);
      EXPECT_EQ(wrong, "") << "seed " << seed << ", power lost before operation " << cut;
      return wrong.empty();
    });
  }
}

// The log cannot grow, is copied, and is written from its beginning, again and again.
TEST(PowerLoss, WhileAFullDiskMakesRoomInTheLogTakesNothingThatWasPromised) {
  TemporaryFolder folder(ImageParent());
  {
    auto store = OpenSqliteStore(folder.File("store"));
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ(RefusedWrites(**store, 16), 0);
  }
  // Not SQLite's, so that it would stay as it is now.
  std::filesystem::remove(folder.File("store-lock"));
  std::size_t full_from = 0;
  const Log log = Record(folder.File(""), [&](Store& store, PowerLossVfs& vfs) {
    Traffic traffic(store, "t", 10, kStart,
                    [&vfs](const std::string& words) { vfs.Promise(words); });
    traffic.Run(1, 3);
    full_from = vfs.log().size();
    vfs.Plan({.kind = PowerLossVfs::Fault::Kind::kNoGrowth, .first = vfs.operations()});
    traffic.Run(3, 3);
    vfs.Plan({.count = 0});
    traffic.Run(1, 3);
  });
  int begun_anew = 0;
  for (std::size_t index = full_from; index < log.size(); ++index) {
    const bool of_log = log[index].path.ends_with("-wal");
    begun_anew += of_log && log[index].kind == Kind::kWrite && log[index].offset == 0 ? 1 : 0;
  }
  EXPECT_GE(begun_anew, 2);
  int images = 0;
  AtEveryCut(log, full_from,
             [&](std::size_t cut, const PowerLossDisk& disk, const Promises& promises) {
               if (cut % 3 != 0 && cut != log.size()) return true;
               const std::string wrong = WhatALossLeaves(disk, promises, cut, ++images % 10 == 0);
               EXPECT_EQ(wrong, "") << "power lost before operation " << cut;
               return wrong.empty();
             });
  EXPECT_GT(images, 30);
}

// Callers that wait for one common fsync.
TEST(PowerLoss, TakesNothingFromCallersThatShareACommit) {
  constexpr int kThreads = 4;
  TemporaryFolder folder(ImageParent());
  const EveryConnection settings;
  const Log log = Record(folder.File(""), [&](Store& store, PowerLossVfs& vfs) {
    WitnessedInbox witnessed(store, [&vfs](const std::string& words) { vfs.Promise(words); });
    std::latch start(kThreads);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        start.arrive_and_wait();
        for (int number = 0; number < 6; ++number) {
          const std::string name = std::to_string(thread) + "-" + std::to_string(number);
          EXPECT_TRUE(witnessed.AppendInputs({StartRequest("s_" + name, name)}, kStart).ok());
        }
      });
    }
  });
  int images = 0;
  AtEveryCut(log, 0, [&](std::size_t cut, const PowerLossDisk& disk, const Promises& promises) {
    if (++images % 8 != 0 && cut != log.size()) return true;
    const std::string wrong = WhatALossLeaves(disk, promises, cut, false);
    EXPECT_EQ(wrong, "") << "power lost before operation " << cut;
    return wrong.empty();
  });
}

TEST(PowerLoss, TakesNothingWhenItComesAgainWhileTheStoreComesBack) {
  const Log first = RecordTraffic(9, 2);
  std::mt19937_64 random(9);
  AtEveryCut(first, 0, [&](std::size_t cut, const PowerLossDisk& disk, const Promises& promises) {
    if (random() % 120 != 0) return true;
    TemporaryFolder folder(ImageParent());
    WriteImage(disk.Survivors(random), folder.File(""));
    // With the files that it finds: name, bytes and two syncs each.
    const Log second = Record(folder.File(""), [](Store&, PowerLossVfs&) {});
    std::string wrong;
    AtEveryCut(second, 12, [&](std::size_t again, const PowerLossDisk& later, const Promises&) {
      if (random() % 8 != 0) return true;
      wrong = WhatALossLeaves(later, promises, random(), false);
      EXPECT_EQ(wrong, "") << "power lost before operation " << cut << " and, later, " << again;
      return wrong.empty();
    });
    return wrong.empty();
  });
}

// The canaries: with less than the store asks for, a power loss must be seen to take something.
// Otherwise the disk above does not bite.
Promises LostWith(const std::string& synchronous, Promises& inconsistencies) {
  TemporaryFolder folder(ImageParent());
  Log log;
  {
    const EveryConnection settings(synchronous);
    log = Record(folder.File(""), [&](Store& store, PowerLossVfs& vfs) {
      Traffic traffic(store, "t", 1, kStart,
                      [&vfs](const std::string& words) { vfs.Promise(words); });
      traffic.Run(2, 3);
    });
  }
  Promises lost;
  AtEveryCut(log, 0, [&](std::size_t cut, const PowerLossDisk& disk, const Promises& promises) {
    if (cut % 16 != 0 || promises.empty()) return true;
    TemporaryFolder image(ImageParent());
    std::mt19937_64 random(cut);
    WriteImage(disk.Survivors(random), image.File(""));
    auto connection = Connection::Open(image.File("store"), Connection::Mode::kReadWrite);
    EXPECT_TRUE(connection.ok()) << connection.status();
    if (!connection.ok()) return false;
    const Promises broken = BrokenPromises(**connection, promises);
    lost.insert(lost.end(), broken.begin(), broken.end());
    if (synchronous == "NORMAL") inconsistencies = Inconsistencies(**connection);
    return inconsistencies.empty() && lost.size() < 3;
  });
  return lost;
}

TEST(PowerLoss, TakesPromisesOfAStoreThatSyncsNothing) {
  Promises inconsistencies;
  EXPECT_FALSE(LostWith("OFF", inconsistencies).empty());
}

TEST(PowerLoss, TakesPromisesOfAStoreThatSyncsOnlyCheckpointsAndNothingElse) {
  Promises inconsistencies;
  EXPECT_FALSE(LostWith("NORMAL", inconsistencies).empty());
  EXPECT_THAT(inconsistencies, IsEmpty()) << "NORMAL loses the last commits, and no more";
}

}  // namespace
}  // namespace callbridge::store
