// Copies the log (-wal) into the database file in time, and says so when another process keeps it
// from being emptied. SQLite would copy by itself; here the file's identity is put on record around
// it.
#pragma once

#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/file_identity.h"

namespace callbridge::store {

void LogFailure(const absl::Status& status);

// Not thread-safe: belongs to whoever uses the writer.
class LogKeeper {
 public:
  // Both must outlive it. From now on the connection makes no checkpoint by itself.
  LogKeeper(Connection& writer, FileIdentity& identity);

  // After a commit: the log has grown enough.
  bool due();
  // So long that reads should be held back for a moment.
  bool wants_cut() const;
  // Outside of transactions. cut: no reader of this process is at work.
  void CopyLog(bool cut);

 private:
  void MaybeWarn(int pages);

  Connection& writer_;
  FileIdentity& identity_;
  int last_pages_ = 0;
  int due_pages_;
  int warned_pages_ = 0;
};

}  // namespace callbridge::store
