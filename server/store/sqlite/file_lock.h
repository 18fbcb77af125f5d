// The lock that keeps a second process away from a store: two writers could corrupt it (SQLite
// before 3.51.3). Held by the kernel for this object's life, so that no crash leaves it behind. Its
// file keeps a short record for the next holder.
#pragma once

#include <absl/status/status.h>
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

  // The record. Empty: there is none, or it cannot be read.
  std::string Read() const;
  // Durable when it returns OK.
  absl::Status Write(const std::string& record);

 private:
  explicit FileLock(int file) : file_(file) {}

  int file_;
};

// "it belongs to user 1001 and group 1001 with mode 0600, and this process is user 1002 and group
// 1001: …", with what to do. For a file that is not there: what its folder lacks.
std::string WhyNotOpened(const std::string& path);

}  // namespace callbridge::store
