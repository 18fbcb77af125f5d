// The lock that keeps a second process away from a store, because two writers could corrupt it
// (SQLite before 3.51.3). The kernel holds it for the life of this object, so that no crash leaves
// it behind. The lock's file stores a short record for the next holder.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <utility>

namespace callbridge::store {

class FileLock {
 public:
  // Locks "<path>-lock". FAILED_PRECONDITION means that another process holds it, or that it cannot
  // be made.
  static absl::StatusOr<FileLock> Acquire(const std::string& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;

  // Reads the record. Empty means that there is none, or that it cannot be read.
  std::string Read() const;
  // Writes the record, which is durable when this returns OK.
  absl::Status Write(const std::string& record);

 private:
  explicit FileLock(int file) : file_(file) {}

  int file_;
};

// Explains why a file could not be opened, and what to do. `error` is the errno of the attempt. A
// refusal also tells who may: "Permission denied: it belongs to user 1001 and group 1001 with mode
// 0600, and this process is user 1002 and group 1001: …", or the same of the folder if there is no
// file.
std::string WhyNotOpened(const std::string& path, int error);

}  // namespace callbridge::store
