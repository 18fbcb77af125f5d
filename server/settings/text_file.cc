#include "server/settings/text_file.h"

#include <absl/strings/str_format.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace callbridge::settings {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      // A pipe without a writer must not hold up the start.
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

absl::Status Failure(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(
          "no such file; create it or correct the path, which starts at the current directory");
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(
          "the file cannot be read by this user; correct its owner or mode");
    default:
      return absl::UnavailableError(
          absl::StrFormat("the file cannot be read: %s", std::strerror(error)));
  }
}

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path, std::size_t bytes_max) {
  const OpenFile file(path);
  if (file.descriptor() < 0) return Failure(errno);
  struct stat about;
  if (fstat(file.descriptor(), &about) != 0) return Failure(errno);
  if (!S_ISREG(about.st_mode)) return absl::InvalidArgumentError("must be a file");
  std::string content;
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t count = read(file.descriptor(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failure(errno);
    if (count == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(count));
    if (content.size() > bytes_max) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the file is longer than %d bytes; is it the right one?", bytes_max));
    }
  }
}

}  // namespace callbridge::settings
