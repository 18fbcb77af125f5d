// Reads a whole store and says whether it is sound. It only reads, so a server may run beside it,
// but as long as one table is being read, the log of that server cannot be emptied.
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <string>
#include <thread>

namespace callbridge::store {

// For operators, every page and every index. DATA_LOSS: what is damaged. FAILED_PRECONDITION: it
// cannot be opened, or is no store.
absl::Status CheckSqliteFile(const std::string& path);

// After an end that was not in order, beside the server that runs on the file: table by table, on a
// thread of its own. Says in the log what it found. Ends soon when it is destroyed.
class FileCheck {
 public:
  explicit FileCheck(std::string path);

 private:
  std::jthread thread_;
};

// What the thread does, until stop says true. OK: sound, or stopped.
absl::Status CheckTables(const std::string& path, std::function<bool()> stop);

}  // namespace callbridge::store
