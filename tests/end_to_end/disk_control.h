// What a test and the preloaded disk_faults.cc share: a mapped file that says how slow and how full
// the disk of the store is. The test writes it, the server's process reads it before every
// operation.
#pragma once

#include <atomic>
#include <cstdint>

namespace callbridge::end_to_end {

// Names of environment variables: the file that holds a DiskControl, and the folder whose files it
// is about.
inline constexpr char kDiskControlVariable[] = "CALLBRIDGE_DISK_CONTROL";
inline constexpr char kDiskFolderVariable[] = "CALLBRIDGE_DISK_FOLDER";

struct DiskControl {
  // Every sync takes between so long and so long.
  std::atomic<std::int64_t> sync_least_ms{0};
  std::atomic<std::int64_t> sync_most_ms{0};
  // True: files cannot grow.
  std::atomic<bool> full{false};
  // What statvfs says; negative: the truth.
  std::atomic<std::int64_t> free_bytes{-1};
  // Syncs that were slowed.
  std::atomic<std::int64_t> slowed{0};
};

}  // namespace callbridge::end_to_end
