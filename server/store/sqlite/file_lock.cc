#include "server/store/sqlite/file_lock.h"

#include <absl/strings/str_format.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace callbridge::store {

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path) {
  const std::string lock_path = path + "-lock";
  const int file = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the lock file \"%s\" cannot be made: check that its folder exists and "
                        "belongs to this user",
                        lock_path));
  }
  FileLock lock(file);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the store \"%s\" is in use by another process: stop that server, or give "
                        "this one a path of "
                        "its own",
                        path));
  }
  return lock;
}

FileLock::~FileLock() {
  // Closing lets go of the lock.
  if (file_ >= 0) close(file_);
}

}  // namespace callbridge::store
