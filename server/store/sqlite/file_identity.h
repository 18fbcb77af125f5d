// Whether the database file is the one that this store ran with last. Beside the file lies
// "<file>-lock": it keeps a second server away, and it remembers the first page of the file as the
// last server left it. A file that was put in its place differs there, and that is seen before
// SQLite opens it: a log of another database would be written into it.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/file_lock.h"

namespace callbridge::store {

// The log file beside the database holds something. The path is the real one, without links.
bool HasLogBeside(const std::string& real_path);

class FileIdentity {
 public:
  enum class Finding {
    // As it was left, or interrupted while it was being changed.
    kSame,
    // Nothing is remembered: a new file, one of an earlier program, or a copy without its lock
    // file.
    kUnknown,
    // The file was replaced, or its log was taken away.
    kAnother,
  };

  // path: without symbolic links. FAILED_PRECONDITION: another process holds the lock, or its file
  // cannot be made.
  static absl::StatusOr<FileIdentity> Acquire(const std::string& path);

  // While no connection to the file is open in this process: to close the file here would let go of
  // SQLite's locks.
  Finding Look() const;
  // The last server did not end in order.
  bool has_log() const { return HasLogBeside(path_); }

  // Durable before the database file is changed: from here until it is settled again, any content
  // is taken for the store's.
  absl::Status BeginChange();
  // The file could not be used after all: what was remembered before BeginChange counts again.
  absl::Status Undo();
  // A server runs on the file, which stays as the connection finds it below the log.
  absl::Status RememberRunning(Connection& connection);
  // The server ended in order, and every connection is closed.
  absl::Status RememberClosed();

 private:
  FileIdentity(FileLock lock, std::string path) : lock_(std::move(lock)), path_(std::move(path)) {}
  absl::Status Remember(std::string_view state, const std::string& digest);

  FileLock lock_;
  std::string path_;
  // Of the last holder; until the file is settled.
  std::optional<std::string> record_before_;
};

}  // namespace callbridge::store
