// The disk on which a test's store lies, with a door for what goes wrong with disks: it is slow, it
// is full, there is room again. Full is a real small tmpfs where this process may mount one, and
// pretended by the preloaded disk_faults.cc everywhere else.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/end_to_end/disk_control.h"

namespace callbridge::end_to_end {

class StoreDisk {
 public:
  // A folder of its own. Make it before the programs that use it are started, on the thread that
  // starts them: a mount is seen by this thread and its children only.
  StoreDisk();
  ~StoreDisk();
  StoreDisk(const StoreDisk&) = delete;
  StoreDisk& operator=(const StoreDisk&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  // For the server.
  std::vector<std::string> Environment() const;

  // Every sync takes from least to most from now on; zero ends it.
  void SlowDown(std::chrono::milliseconds least, std::chrono::milliseconds most);
  // Makes a small disk of it. True: a real one. Before anything lies on it.
  bool BecomeSmall();
  // Leaves so many free bytes of the small disk; with zero nothing can grow any more.
  void FillUpTo(std::int64_t free_bytes);
  void MakeRoom();

  std::int64_t syncs_slowed() const { return control_->slowed; }

 private:
  std::filesystem::path ballast() const { return folder_ / "ballast"; }

  std::filesystem::path folder_;
  std::filesystem::path control_file_;
  DiskControl* control_ = nullptr;
  bool is_mounted_ = false;
};

}  // namespace callbridge::end_to_end
