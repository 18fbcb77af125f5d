// SQLite's way to the disk, watched: a VFS around the ordinary one of Unix that keeps a log of
// everything that changes a file, so that power_loss_disk.h can say what a power loss at any moment
// would leave. It can also fail: once, for a while, or from an operation on. While it lives it is
// SQLite's default, so that the store under test needs no word about it; one at a time.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "tests/store/power_loss_disk.h"

namespace callbridge::store {

// Thread-safe.
class PowerLossVfs {
 public:
  struct Fault {
    enum class Kind {
      // Every operation fails with its I/O error; a write may have reached half of its place.
      kError,
      // Writes fail with SQLITE_FULL, and shared memory does not grow; all else goes on.
      kFull,
      // Files and shared memory do not grow; what stands already can be overwritten.
      kNoGrowth,
      // There is room for a write, and none for shared memory, which grows in larger steps.
      kSharedMemoryFull,
    };
    Kind kind = Kind::kError;
    // Counted from the first operation of this object.
    std::int64_t first = 0;
    std::int64_t count = std::numeric_limits<std::int64_t>::max();
  };

  PowerLossVfs();
  // Every connection must be closed.
  ~PowerLossVfs();
  PowerLossVfs(const PowerLossVfs&) = delete;
  PowerLossVfs& operator=(const PowerLossVfs&) = delete;

  // before_first is called, without locks held, right before the first operation that fails.
  void Plan(const Fault& fault, std::function<void()> before_first = nullptr);
  // Reads count as well.
  std::int64_t operations() const;

  // Takes a file into the log that the log does not speak of yet; what it holds already is durable.
  // SQLite's files are met when they are opened, at the latest.
  void Meet(const std::string& path);

  // Takes the words into the log: they were told to somebody after everything before them had
  // happened.
  void Promise(const std::string& words);
  std::vector<DiskOperation> log() const;

 private:
  // What SQLite calls.
  struct Calls;
  struct OpenFile;
  struct Registered : sqlite3_vfs {
    PowerLossVfs* owner = nullptr;
  };

  // What an operation needs of the disk.
  enum class Room { kNone, kFile, kMoreOfFile, kSharedMemory };

  // Counts the operation. False: it is to fail.
  bool Passes(Room room = Room::kNone);
  Fault::Kind fault_kind() const;
  void Log(DiskOperation operation);

  sqlite3_vfs* const unix_;
  Registered registered_;

  mutable absl::Mutex mutex_;
  std::int64_t operations_ ABSL_GUARDED_BY(mutex_) = 0;
  Fault fault_ ABSL_GUARDED_BY(mutex_) = {.count = 0};
  std::function<void()> before_first_ ABSL_GUARDED_BY(mutex_);
  std::vector<DiskOperation> log_ ABSL_GUARDED_BY(mutex_);
  // The files that the log speaks of.
  std::set<std::string> met_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::store
