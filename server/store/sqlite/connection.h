// One SQLite connection with its prepared statements. The first failure sticks: until the caller
// takes it, every later query changes no row and finds none. Therefore a transaction is checked
// once, at its end. Not thread-safe.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/base/time.h"

namespace callbridge::store {

class Connection {
 public:
  enum class Mode { kReadWrite, kReadOnly };

  // The number of bytes that suffice to tell the file from another one.
  static constexpr std::size_t kFirstPageBytes = 4096;

  // Opens the file; kReadWrite makes it if it does not exist. FAILED_PRECONDITION means that the
  // file cannot be opened, or is not a store.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, Mode mode);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs one or several statements without parameters and results.
  void Execute(const std::string& sql);

  bool failed() const { return !failure_.ok(); }
  // Returns the first failure since the last call, and forgets it.
  absl::Status TakeFailure();
  // True if the last failure that was taken means that SQLite cannot read the file.
  bool was_unreadable() const {
    return (failure_code_ & 0xff) == SQLITE_NOTADB || (failure_code_ & 0xff) == SQLITE_CORRUPT;
  }
  // True if the last failure that was taken means that the file is no database at all.
  bool was_no_database() const { return (failure_code_ & 0xff) == SQLITE_NOTADB; }
  // True if the last failure means that a file cannot grow, because the disk is full.
  bool was_full() const {
    return (failure_code_ & 0xff) == SQLITE_FULL || failure_code_ == SQLITE_IOERR_SHMSIZE;
  }
  // True if StopWhen has ended the statement.
  bool was_interrupted() const { return (failure_code_ & 0xff) == SQLITE_INTERRUPT; }
  // True while a transaction is open.
  bool in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }
  std::int64_t last_insert_rowid() const { return sqlite3_last_insert_rowid(database_); }

  // Returns the first bytes of the database file itself, even if the log holds a newer page. Absent
  // means that they cannot be read.
  std::optional<std::string> ReadFirstPage();

  // Copies the content of the log into the file, as far as readers let it, without waiting for
  // them. With `cut` the log file is emptied, unless a reader is in the way. Returns the pages that
  // the log file holds afterwards. Absent means that the disk refused the copy; the log keeps
  // everything. What was copied is durable in any case.
  std::optional<int> Checkpoint(bool cut);
  // Makes the caller responsible for checkpoints; the connection no longer makes any. log_pages()
  // returns the length of the log after the last commit.
  void TakeOverCheckpoints();
  int log_pages() const { return log_pages_; }

  // The number of prepared statements that are kept.
  std::size_t statements() const { return statements_.size(); }

  // Ends statements with a failure as soon as `stop` returns true. It is asked every few
  // milliseconds of work. Empty means never.
  void StopWhen(std::function<bool()> stop);

  // Makes damage (an I/O error, corruption) end the process instead of returning a failure. After a
  // failed fsync the content of the disk is unknown, and only a new start can read it again.
  void CrashOnDamage() { crash_on_damage_ = true; }

 private:
  friend class Query;

  explicit Connection(sqlite3* database) : database_(database) {}

  struct Prepared {
    sqlite3_stmt* statement = nullptr;
    // The number of Query objects that use it.
    int uses = 0;
    std::int64_t last_use = 0;
  };

  // Prepares each text once, as long as it is among the latest. Null means that preparing failed.
  Prepared* Prepare(std::string_view sql);
  void MakeRoomForAStatement();
  // Null if the database file is not open.
  sqlite3_file* File();
  void Fail(int code);

  sqlite3* const database_;
  std::map<std::string, Prepared, std::less<>> statements_;
  std::int64_t uses_ = 0;
  int log_pages_ = 0;
  std::function<bool()> stop_;
  absl::Status failure_;
  int failure_code_ = SQLITE_OK;
  bool crash_on_damage_ = false;
};

// One use of a prepared statement: bind the parameters in their order, then step. Short-lived.
class Query {
 public:
  Query(Connection& connection, std::string_view sql);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& Bind(std::int64_t value);
  Query& Bind(base::Time time) { return Bind(time.time_since_epoch().count()); }
  Query& Bind(const std::optional<base::Time>& time) { return time ? Bind(*time) : BindNull(); }
  Query& Text(const std::string& text);
  Query& Blob(const std::string& bytes);
  Query& BindNull();

  // Moves to the next row. Returns false after the last row and after a failure.
  bool Next();
  // Runs the statement to its end.
  void Run();

  // The columns of the current row, numbered from 0.
  std::int64_t Int(int column) const { return sqlite3_column_int64(statement_, column); }
  bool IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  base::Time Time(int column) const { return base::Time(base::Duration(Int(column))); }
  std::optional<base::Time> OptionalTime(int column) const;
  // Returns a text or a blob.
  std::string Bytes(int column) const;

 private:
  void CheckBound(int code);

  Connection& connection_;
  Connection::Prepared* const prepared_;
  sqlite3_stmt* const statement_;
  int bound_ = 0;
};

}  // namespace callbridge::store
