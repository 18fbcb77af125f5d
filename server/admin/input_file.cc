#include "server/admin/input_file.h"

#include <absl/strings/str_format.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace callbridge::admin {
namespace {

absl::Status WhyNotOpened(const std::string& path, int error) {
  if (error == ENOENT) return absl::NotFoundError(path + ": there is no such file");
  if (error == EACCES) {
    return absl::PermissionDeniedError(path +
                                       ": this user may not read it; chmod it, or run the "
                                       "command as its owner");
  }
  return absl::UnavailableError(
      absl::StrFormat("%s: cannot be opened: %s", path, std::strerror(error)));
}

}  // namespace

absl::StatusOr<InputFile> InputFile::Open(const std::string& path) {
  // Without O_NONBLOCK a pipe would be waited for.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return WhyNotOpened(path, errno);
  struct stat about {};
  if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
    close(descriptor);
    return absl::InvalidArgumentError(path + ": is no file; name a WAV or MP3 file");
  }
  return InputFile(descriptor, about.st_size);
}

InputFile::InputFile(InputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

InputFile::~InputFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::size_t InputFile::ReadAt(std::int64_t offset, char* buffer, std::size_t bytes) const {
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t got =
        pread(descriptor_, buffer + done, bytes - done, offset + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::vector<unsigned char> InputFile::ReadAt(std::int64_t offset, std::size_t bytes) const {
  std::vector<unsigned char> read(bytes);
  read.resize(ReadAt(offset, reinterpret_cast<char*>(read.data()), bytes));
  return read;
}

}  // namespace callbridge::admin
