#include "server/store/sqlite/file_lock.h"

#include <absl/strings/str_format.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace callbridge::store {
namespace {

constexpr std::size_t kRecordBytesMax = 256;

}  // namespace

std::string WhyNotOpened(const std::string& path, int error) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    if (stat(folder.empty() ? "." : folder.c_str(), &found) != 0) {
      return "its folder does not exist: create it";
    }
  }
  if (error == EROFS) {
    return "its file system is read-only: mount it writable, or name a file on another disk";
  }
  const std::string cause = std::strerror(error);
  if (error == ENOENT) return cause + ": name a file that exists";
  // Owner and mode explain only a refusal.
  if (error != EACCES && error != EPERM) return cause + ": mend the cause, then try again";
  return absl::StrFormat(
      "%s: %s belongs to user %d and group %d with mode %04o, and this process is user %d and "
      "group %d: run as its owner, or give it to this user (chown), or let the group read and "
      "write it",
      cause, S_ISDIR(found.st_mode) ? "its folder" : "it", found.st_uid, found.st_gid,
      found.st_mode & 07777U, geteuid(), getegid());
}

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path) {
  const std::string lock_path = path + "-lock";
  const int file = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the lock file \"%s\" cannot be opened: %s", lock_path, WhyNotOpened(lock_path, errno)));
  }
  FileLock lock(file);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the store \"%s\" is in use by another process: stop that server, or give "
                        "this one a path of its own",
                        path));
  }
  return lock;
}

FileLock::~FileLock() {
  // Closing the file releases the lock.
  if (file_ >= 0) close(file_);
}

std::string FileLock::Read() const {
  std::array<char, kRecordBytesMax> bytes{};
  const ssize_t read = pread(file_, bytes.data(), bytes.size(), 0);
  return read <= 0 ? std::string() : std::string(bytes.data(), static_cast<std::size_t>(read));
}

absl::Status FileLock::Write(const std::string& record) {
  const bool written =
      pwrite(file_, record.data(), record.size(), 0) == static_cast<ssize_t>(record.size()) &&
      ftruncate(file_, static_cast<off_t>(record.size())) == 0 && fdatasync(file_) == 0;
  if (written) return absl::OkStatus();
  return absl::UnavailableError(
      "the lock file beside the store cannot be written: check the disk and its free space");
}

}  // namespace callbridge::store
