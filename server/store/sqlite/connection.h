// One SQLite connection with its prepared statements. The first failure sticks: every later query
// does nothing and finds nothing until it is taken, so that a transaction is checked once, at its
// end. Not thread-safe.
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

  // Enough of the file to tell it from another one.
  static constexpr std::size_t kFirstPageBytes = 4096;

  // kReadWrite makes the file if there is none. FAILED_PRECONDITION: it cannot be opened, or is not
  // a store.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, Mode mode);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs statements without parameters or results, also several.
  void Execute(const std::string& sql);

  bool failed() const { return !failure_.ok(); }
  // The first failure since the last call, which is forgotten.
  absl::Status TakeFailure();
  // Of the failure that was taken last: SQLite cannot read the file, whatever state the disk is in.
  bool was_unreadable() const {
    return (failure_code_ & 0xff) == SQLITE_NOTADB || (failure_code_ & 0xff) == SQLITE_CORRUPT;
  }
  // It was ended by StopWhen.
  bool was_interrupted() const { return (failure_code_ & 0xff) == SQLITE_INTERRUPT; }
  // A transaction is open.
  bool in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }
  std::int64_t last_insert_rowid() const { return sqlite3_last_insert_rowid(database_); }

  // Its first bytes as they stand in the file itself, whatever its log says. Absent: they cannot be
  // read.
  std::optional<std::string> ReadFirstPage();

  // Copies what the log holds into the file, as far as readers let it. With cut, the log file is
  // emptied, unless a reader is in the way. Waits for no reader. Returns the pages that the log
  // file holds afterwards. Absent: the disk would not take it; the log keeps everything.
  std::optional<int> Checkpoint(bool cut);
  // From now on the connection makes no checkpoint by itself; log_pages() says how long the log is
  // since the last commit.
  void TakeOverCheckpoints();
  int log_pages() const { return log_pages_; }

  // Prepared and kept.
  std::size_t statements() const { return statements_.size(); }

  // While it says true, statements end with a failure. Asked every few milliseconds of work. Empty:
  // never.
  void StopWhen(std::function<bool()> stop);

  // From now on damage (an I/O error, corruption) ends the process instead of failing: after a
  // failed fsync nobody knows what is on the disk, and only a start that reads it again does.
  void CrashOnDamage() { crash_on_damage_ = true; }

 private:
  friend class Query;

  explicit Connection(sqlite3* database) : database_(database) {}

  struct Prepared {
    sqlite3_stmt* statement = nullptr;
    // By a Query that lives.
    int uses = 0;
    std::int64_t last_use = 0;
  };

  // Prepared once for each text, as long as it is among the latest. Null: it failed.
  Prepared* Prepare(std::string_view sql);
  void MakeRoomForAStatement();
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

// One use of a prepared statement: bind in the order of the parameters, then step. Short-lived.
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

  // The next row. False: no more, or failed.
  bool Next();
  // To the end.
  void Run();

  // Columns of the row, from 0.
  std::int64_t Int(int column) const { return sqlite3_column_int64(statement_, column); }
  bool IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  base::Time Time(int column) const { return base::Time(base::Duration(Int(column))); }
  std::optional<base::Time> OptionalTime(int column) const;
  // Text or blob.
  std::string Bytes(int column) const;

 private:
  void CheckBound(int code);

  Connection& connection_;
  Connection::Prepared* const prepared_;
  sqlite3_stmt* const statement_;
  int bound_ = 0;
};

}  // namespace callbridge::store
