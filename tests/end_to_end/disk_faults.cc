// Tests preload this into a server. It stands before functions of the C library: those by which
// SQLite 3.40 of Debian writes (fdatasync, pwrite64, ftruncate64), and the one that tells the free
// space (statvfs). For the files of one folder they are slow or fail, as disk_control.h says.
// Everything else goes through untouched.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/end_to_end/disk_control.h"

namespace {

using callbridge::end_to_end::DiskControl;

// The next definition after this library's: the sanitizer's, or the C library's.
template <typename Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

DiskControl* MapControl() {
  const char* path = std::getenv(callbridge::end_to_end::kDiskControlVariable);
  const int file = path == nullptr ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* memory = mmap(nullptr, sizeof(DiskControl), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<DiskControl*>(memory);
}

// Null: nobody controls this process.
DiskControl* Control() {
  static DiskControl* const control = MapControl();
  return control;
}

bool IsInFolder(std::string_view path) {
  const char* folder = std::getenv(callbridge::end_to_end::kDiskFolderVariable);
  return folder != nullptr && path.starts_with(folder);
}

bool IsInFolder(int file) {
  std::array<char, 64> link{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);
  std::array<char, PATH_MAX> path{};
  const ssize_t size = readlink(link.data(), path.data(), path.size());
  return size > 0 && IsInFolder(std::string_view(path.data(), static_cast<std::size_t>(size)));
}

void Delay(DiskControl& control) {
  const std::int64_t least = control.sync_least_ms;
  const std::int64_t most = control.sync_most_ms;
  if (most <= 0) return;
  // The same sequence in every run: a step of seven through the range.
  const std::int64_t count = control.slowed.fetch_add(1);
  const std::int64_t delay = least + (most > least ? count * 7 % (most - least + 1) : 0);
  const timespec time{delay / 1'000, delay % 1'000 * 1'000'000};
  nanosleep(&time, nullptr);
}

// True: the file would have to grow to this size and the disk is full.
bool IsRefused(int file, off64_t size) {
  DiskControl* const control = Control();
  if (control == nullptr || !control->full || !IsInFolder(file)) return false;
  struct stat status {};
  if (fstat(file, &status) != 0 || size <= status.st_size) return false;
  errno = ENOSPC;
  return true;
}

}  // namespace

extern "C" {

int fdatasync(int file) {
  static const auto next = Next<int(int)>("fdatasync");
  if (Control() != nullptr && IsInFolder(file)) Delay(*Control());
  return next(file);
}

ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset) {
  static const auto next = Next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  if (IsRefused(file, offset + static_cast<off64_t>(count))) return -1;
  return next(file, bytes, count, offset);
}

int ftruncate64(int file, off64_t size) noexcept {
  static const auto next = Next<int(int, off64_t)>("ftruncate64");
  if (IsRefused(file, size)) return -1;
  return next(file, size);
}

int statvfs(const char* path, struct statvfs* result) noexcept {
  static const auto next = Next<int(const char*, struct statvfs*)>("statvfs");
  const int status = next(path, result);
  if (status != 0 || Control() == nullptr || !IsInFolder(path)) return status;
  const std::int64_t free_bytes = Control()->free_bytes;
  if (free_bytes >= 0 && result->f_frsize > 0) {
    result->f_bavail = static_cast<fsblkcnt_t>(free_bytes) / result->f_frsize;
    result->f_bfree = result->f_bavail;
  }
  return status;
}

}  // extern "C"
