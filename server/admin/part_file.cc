#include "server/admin/part_file.h"

#include <absl/strings/str_format.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace callbridge::admin {
namespace {

absl::Status Failure(const std::string& path, const char* what, int error) {
  return absl::UnavailableError(absl::StrFormat("%s: %s: %s", path, what, std::strerror(error)));
}

}  // namespace

PartFile::PartFile(std::string path, int descriptor, std::int64_t size)
    : path_(std::move(path)), part_path_(path_ + ".part"), descriptor_(descriptor), size_(size) {}

PartFile::PartFile(PartFile&& other) noexcept
    : path_(std::move(other.path_)),
      part_path_(std::move(other.part_path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

PartFile::~PartFile() {
  if (descriptor_ < 0) return;
  if (size_ == 0) unlink(part_path_.c_str());
  close(descriptor_);
}

absl::StatusOr<PartFile> PartFile::Open(const std::string& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) == 0) {
    return absl::AlreadyExistsError(path + ": is there already; name another file, or remove it");
  }
  const std::string part_path = path + ".part";
  constexpr mode_t kOwnerOnly = 0600;
  const int descriptor =
      open(part_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly);
  if (descriptor < 0) return Failure(part_path, "cannot be opened", errno);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    close(descriptor);
    return absl::AbortedError(part_path + ": another process writes it; wait for its end");
  }
  if (fstat(descriptor, &about) != 0) {
    const int error = errno;
    close(descriptor);
    return Failure(part_path, "cannot be read", error);
  }
  return PartFile(path, descriptor, about.st_size);
}

absl::Status PartFile::Clear() {
  if (ftruncate(descriptor_, 0) != 0) return Failure(part_path_, "cannot be emptied", errno);
  size_ = 0;
  return absl::OkStatus();
}

absl::Status PartFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failure(part_path_, "cannot be written", errno);
    size_ += written;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status PartFile::Finish() {
  if (fsync(descriptor_) != 0) return Failure(part_path_, "cannot be written to the disk", errno);
  // Unlike rename, link never replaces a file that came in the meantime.
  if (link(part_path_.c_str(), path_.c_str()) != 0) {
    return Failure(path_, "cannot be named so", errno);
  }
  unlink(part_path_.c_str());
  close(std::exchange(descriptor_, -1));
  return absl::OkStatus();
}

}  // namespace callbridge::admin
