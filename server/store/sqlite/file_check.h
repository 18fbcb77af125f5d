// Reads a whole store and says whether it is sound. It only reads, so a server may run beside it.
// While one table is being read, the log of that server cannot be emptied.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace callbridge::store {

// Checks every page and every index, for operators. DATA_LOSS says what is damaged.
// FAILED_PRECONDITION means that the file cannot be opened, or holds no store.
absl::Status CheckSqliteFile(const std::string& path);

struct FileVersion {
  // The version of the file's tables.
  std::int64_t version = 0;
  // The version that this program writes.
  std::int64_t newest = 0;
};

// Reads the version, without changing the file. FAILED_PRECONDITION means that the file cannot be
// opened or read, or holds no store.
absl::StatusOr<FileVersion> ReadFileVersion(const std::string& path);

// Checks the file after an unclean end, while the server runs on it: table by table, on a thread of
// its own. It logs what it found, and its destructor stops it soon.
class FileCheck {
 public:
  explicit FileCheck(std::string path);

 private:
  std::jthread thread_;
};

// Checks the tables until `stop` returns true; the thread runs this. OK means that they are sound,
// or that the check was stopped.
absl::Status CheckTables(const std::string& path, std::function<bool()> stop);

}  // namespace callbridge::store
