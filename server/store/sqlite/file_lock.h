// The lock that keeps a second process away from a store: two writers could corrupt it (SQLite before 3.51.3). Held by the
// kernel for this object's life, so that no crash leaves it behind.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <utility>

namespace callbridge::store {

class FileLock {
 public:
  // Locks "<path>-lock". FAILED_PRECONDITION: another process holds it, or it cannot be made.
  static absl::StatusOr<FileLock> Acquire(const std::string& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;

 private:
  explicit FileLock(int file) : file_(file) {}

  int file_;
};

}  // namespace callbridge::store
