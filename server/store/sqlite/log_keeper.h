// Copies the log (-wal) into the database file in time, and logs when another process keeps it from
// being emptied. It replaces SQLite's own copying, because the file's identity has to be
// recorded around each copy.
#pragma once

#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/file_identity.h"

namespace callbridge::store {

// Not thread-safe: the thread that uses the writer calls it.
class LogKeeper {
 public:
  // Takes over the connection's checkpoints. Both parameters must outlive the object.
  LogKeeper(Connection& writer, FileIdentity& identity);

  // True if, after a commit, the log is long enough to be copied.
  bool due();
  // True if the log is long enough that reads should be held back for a moment.
  bool wants_cut() const;
  // True if a copy may help a commit that found the disk full. The copy overwrites the file in
  // place and needs new room for new pages only; the log is then written again from its beginning.
  // False if the disk refused the last copy and no commit has succeeded since.
  bool may_make_room() const { return !refused_; }
  // Copies the log. No transaction may be open. cut: no reader of this process is active.
  void CopyLog(bool cut);

 private:
  void MaybeWarn(int pages);

  Connection& writer_;
  FileIdentity& identity_;
  int last_pages_ = 0;
  int due_pages_;
  int warned_pages_ = 0;
  // The disk refused the last copy.
  bool refused_ = false;
};

}  // namespace callbridge::store
