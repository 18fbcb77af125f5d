// A file on this machine that is read in pieces, wherever they are wanted. It is never in memory as
// a whole, and never changed.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace callbridge::admin {

// Thread-safe, except for moving it.
class InputFile {
 public:
  // NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (not a regular file) or UNAVAILABLE. The message
  // is a sentence about the path, which it names.
  static absl::StatusOr<InputFile> Open(const std::string& path);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  // In bytes, when it was opened.
  std::int64_t size() const { return size_; }
  // Copies up to `bytes` bytes from the offset on, and returns how many. Fewer than wanted come
  // only at the end of the file; 0 also if it cannot be read.
  std::size_t ReadAt(std::int64_t offset, char* buffer, std::size_t bytes) const;
  // The bytes from the offset on: `bytes` of them, or fewer at the end of the file.
  std::vector<unsigned char> ReadAt(std::int64_t offset, std::size_t bytes) const;

 private:
  InputFile(int descriptor, std::int64_t size) : descriptor_(descriptor), size_(size) {}

  int descriptor_;
  std::int64_t size_;
};

}  // namespace callbridge::admin
