#include "tests/end_to_end/store_disk.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "tests/end_to_end/settings_file.h"

namespace callbridge::end_to_end {
namespace {

// Room for the store of a few dozen sessions, and quickly filled.
constexpr char kTmpfsOptions[] = "size=24m,mode=0700";

DiskControl* MapControl(const std::filesystem::path& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  EXPECT_GE(file, 0) << path;
  EXPECT_EQ(ftruncate(file, sizeof(DiskControl)), 0) << path;
  void* memory = mmap(nullptr, sizeof(DiskControl), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  EXPECT_NE(memory, MAP_FAILED) << path;
  close(file);
  return new (memory) DiskControl;
}

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
      control_(MapControl(control_file_)) {}

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
  // The library must come first to see what SQLite asks for; AddressSanitizer wants to be told that this is meant.
  const char* options = std::getenv("ASAN_OPTIONS");
  return {
      std::string("LD_PRELOAD=") + CALLBRIDGE_DISK_FAULTS,
      std::string("ASAN_OPTIONS=verify_asan_link_order=0:") + (options == nullptr ? "" : options),
      std::string(kDiskControlVariable) + "=" + control_file_.string(),
      std::string(kDiskFolderVariable) + "=" + folder_.string()};
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
  std::error_code error;
  const auto available =
      static_cast<std::int64_t>(std::filesystem::space(folder_, error).available);
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(ballast()));
  EXPECT_EQ(posix_fallocate(file, size, std::max<std::int64_t>(1, available - free_bytes)), 0);
  close(file);
}

void StoreDisk::MakeRoom() {
  control_->free_bytes = -1;
  control_->full = false;
  if (is_mounted_) std::filesystem::remove(ballast());
}

}  // namespace callbridge::end_to_end
