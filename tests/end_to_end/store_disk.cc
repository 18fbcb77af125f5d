#include "tests/end_to_end/store_disk.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>

#include "tests/end_to_end/preloaded.h"
#include "tests/end_to_end/settings_file.h"

namespace callbridge::end_to_end {
namespace {

// Room for the store of a few dozen sessions and for what its settings keep free, and quickly
// filled.
constexpr char kTmpfsOptions[] = "size=64m,mode=0700";

// In a mount namespace of this thread, so that nothing is left when the test dies.
bool MountSmallDisk(const std::filesystem::path& folder) {
  if (unshare(CLONE_NEWNS) != 0) return false;
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  return mount("tmpfs", folder.c_str(), "tmpfs", 0, kTmpfsOptions) == 0;
}

}  // namespace

StoreDisk::StoreDisk()
    : folder_(MakeFolder("callbridge-disk")),
      control_file_(folder_.string() + ".control"),
      control_(MapNew<DiskControl>(control_file_)) {}

StoreDisk::~StoreDisk() {
  munmap(control_, sizeof(DiskControl));
  if (is_mounted_) {
    EXPECT_EQ(umount2(folder_.c_str(), MNT_DETACH), 0) << folder_;
  }
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
  EXPECT_FALSE(error) << folder_ << ": " << error.message();
  std::filesystem::remove(control_file_, error);
}

std::vector<std::string> StoreDisk::Environment() const {
  std::vector<std::string> environment = Preloaded(CALLBRIDGE_DISK_FAULTS);
  environment.push_back(std::string(kDiskControlVariable) + "=" + control_file_.string());
  environment.push_back(std::string(kDiskFolderVariable) + "=" + folder_.string());
  return environment;
}

void StoreDisk::SlowDown(std::chrono::milliseconds least, std::chrono::milliseconds most) {
  control_->sync_least_ms = least.count();
  control_->sync_most_ms = most.count();
}

bool StoreDisk::BecomeSmall() {
  is_mounted_ = MountSmallDisk(folder_);
  return is_mounted_;
}

void StoreDisk::FillUpTo(std::int64_t free_bytes) {
  if (!is_mounted_) {
    control_->free_bytes = free_bytes;
    control_->full = free_bytes == 0;
    return;
  }
  const int file = open(ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0) << ballast();
  // The server may take a page between the question and the answer, so that the room is gone.
  for (int refused = ENOSPC; refused == ENOSPC;) {
    const auto available = static_cast<std::int64_t>(std::filesystem::space(folder_).available);
    if (available <= free_bytes) break;
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(ballast()));
    refused = posix_fallocate(file, size, available - free_bytes);
    EXPECT_TRUE(refused == 0 || refused == ENOSPC) << refused;
  }
  close(file);
}

void StoreDisk::MakeRoom() {
  control_->free_bytes = -1;
  control_->full = false;
  if (is_mounted_) std::filesystem::remove(ballast());
}

}  // namespace callbridge::end_to_end
