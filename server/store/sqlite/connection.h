// One SQLite connection with its prepared statements. The first failure sticks: every later query does nothing and finds
// nothing until it is taken, so that a transaction is checked once, at its end. Not thread-safe.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <sqlite3.h>

#include <cstdint>
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

  // kReadWrite makes the file if there is none. FAILED_PRECONDITION: it cannot be opened, or is not a store.
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
  // A transaction is open.
  bool in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }
  std::int64_t last_insert_rowid() const { return sqlite3_last_insert_rowid(database_); }
  // Rows that the last statement changed.
  int changes() const { return sqlite3_changes(database_); }

  // From now on damage (an I/O error, corruption) ends the process instead of failing: after a failed fsync nobody knows
  // what is on the disk, and only a start that reads it again does.
  void CrashOnDamage() { crash_on_damage_ = true; }

 private:
  friend class Query;

  explicit Connection(sqlite3* database) : database_(database) {}

  // Prepared once for each text. Null: it failed.
  sqlite3_stmt* Prepare(std::string_view sql);
  void Fail(int code);

  sqlite3* const database_;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
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
  sqlite3_stmt* const statement_;
  int bound_ = 0;
};

}  // namespace callbridge::store
