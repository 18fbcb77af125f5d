// A file that is made in pieces, by more than one run if need be. Until it is whole it has the
// ending ".part", so nobody takes it for the whole one.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace callbridge::admin {

// Only the owner may read what it makes. For one thread at a time.
class PartFile {
 public:
  // Goes on with path + ".part" if an earlier run left it. ALREADY_EXISTS means that the whole file
  // is there, ABORTED that another process makes it; the message is a sentence about the path,
  // which it names.
  static absl::StatusOr<PartFile> Open(const std::string& path);
  PartFile(PartFile&& other) noexcept;
  PartFile& operator=(PartFile&&) = delete;
  // Removes the part if it is empty.
  ~PartFile();

  // How many bytes there are.
  std::int64_t size() const { return size_; }
  const std::string& part_path() const { return part_path_; }
  // Throws away what there is.
  absl::Status Clear();
  absl::Status Append(std::string_view bytes);
  // The file is whole: it gets its name, safe from a crash of the machine.
  absl::Status Finish();

 private:
  PartFile(std::string path, int descriptor, std::int64_t size);

  std::string path_;
  std::string part_path_;
  int descriptor_;
  std::int64_t size_;
};

}  // namespace callbridge::admin
