// Tells whether the database file is the file with which this store ran last. A file "<file>-lock"
// beside it keeps a second server away, and stores the first page of the database file as the last
// server left it. If another file was put in its place, the first page differs. That is noticed
// before SQLite opens the file, because SQLite would write the log of another database into it.
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

// True if the log file beside the database has content. real_path holds no symbolic links.
bool HasLogBeside(const std::string& real_path);

class FileIdentity {
 public:
  enum class Finding {
    // The file is as the last server left it, or the last server was interrupted while it changed
    // the file and its log is still there.
    kSame,
    // No record exists: the file is new, was made by an earlier version, or is a copy without its
    // lock file. Or the last server was interrupted while it changed the file, and no log is there:
    // then the file may be a backup.
    kUnknown,
    // The file was replaced, or its log was taken away.
    kAnother,
  };

  // Takes the lock. path holds no symbolic links. FAILED_PRECONDITION means that another process
  // holds the lock, or that its file cannot be made.
  static absl::StatusOr<FileIdentity> Acquire(const std::string& path);

  // Compares the file with the record. The caller must have no connection to the file open, because
  // closing the file here would release SQLite's locks.
  Finding Look() const;
  // True if the last server did not end in order.
  bool has_log() const { return HasLogBeside(path_); }

  // Records that the file is about to change. The record is durable when this returns. Until the
  // file is settled again, any content counts as the store's.
  absl::Status BeginChange();
  // Restores the record from before BeginChange, because the file could not be used.
  absl::Status Undo();
  // Records the file's first page, as the connection finds it below the log, while a server runs.
  absl::Status RememberRunning(Connection& connection);
  // Records the file's first page after the server ended in order and closed every connection.
  absl::Status RememberClosed();

 private:
  FileIdentity(FileLock lock, std::string path) : lock_(std::move(lock)), path_(std::move(path)) {}
  absl::Status Remember(std::string_view state, const std::string& digest);

  FileLock lock_;
  std::string path_;
  // The record of the last holder, until the file is settled.
  std::optional<std::string> record_before_;
};

// Logs that a record could not be written, unless the status is OK.
void LogRecordFailure(const absl::Status& status);

}  // namespace callbridge::store
