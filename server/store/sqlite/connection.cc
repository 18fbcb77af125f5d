#include "server/store/sqlite/connection.h"

#include <absl/strings/str_format.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "server/base/limits.h"
#include "server/store/sqlite/file_lock.h"

namespace callbridge::store {
namespace {

// How long SQLite waits for a lock. A backup tool may hold one for a moment, and no other program
// may hold one.
constexpr int kBusyMilliseconds = 2000;

// Makes the file if it does not exist. Only its owner may read it, because it holds telephone
// numbers. SQLite gives its companion files the same rights.
absl::Status MakePrivateFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the store \"%s\" cannot be opened for writing: %s", path, WhyNotOpened(path, errno)));
  }
  close(file);
  return absl::OkStatus();
}

bool IsDamage(int code) {
  // On a full disk the shared memory cannot grow. Only the transaction fails then, because a start
  // rebuilds all of the shared memory.
  if (code == SQLITE_IOERR_SHMSIZE) return false;
  switch (code & 0xff) {
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    // The codes below show defects of this program, which would continue with half a transaction.
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
    case SQLITE_CONSTRAINT:
    case SQLITE_ERROR:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& path, Mode mode) {
  if (mode == Mode::kReadWrite) {
    const absl::Status made = MakePrivateFile(path);
    if (!made.ok()) return made;
  }
  sqlite3* database = nullptr;
  const int flags = (mode == Mode::kReadWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                    SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  // The object owns the handle from here on, because a handle exists even if opening failed.
  std::unique_ptr<Connection> connection(new Connection(database));
  if (code != SQLITE_OK) {
    const int system_error = sqlite3_system_errno(database);
    return absl::FailedPreconditionError(absl::StrFormat(
        "the store \"%s\" cannot be opened: %s", path,
        system_error == 0 ? sqlite3_errstr(code) : WhyNotOpened(path, system_error)));
  }
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, kBusyMilliseconds);
  connection->Execute("PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;");
  const absl::Status failure = connection->TakeFailure();
  if (!failure.ok()) return failure;
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, prepared] : statements_) sqlite3_finalize(prepared.statement);
  sqlite3_close(database_);
}

void Connection::Execute(const std::string& sql) {
  if (failed()) return;
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) Fail(code);
}

absl::Status Connection::TakeFailure() {
  absl::Status failure = absl::OkStatus();
  std::swap(failure, failure_);
  return failure;
}

Connection::Prepared* Connection::Prepare(std::string_view sql) {
  if (failed()) return nullptr;
  auto known = statements_.find(sql);
  if (known == statements_.end()) {
    MakeRoomForAStatement();
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
      Fail(code);
      return nullptr;
    }
    known = statements_.emplace(sql, Prepared{.statement = statement}).first;
  }
  ++known->second.uses;
  known->second.last_use = ++uses_;
  return &known->second;
}

// Drops the statement that was not used for the longest time. Some statements name tables that
// exist only for some hours, so not all of them can be kept.
void Connection::MakeRoomForAStatement() {
  if (statements_.size() < base::kStatementsMax) return;
  auto oldest = statements_.end();
  for (auto one = statements_.begin(); one != statements_.end(); ++one) {
    if (one->second.uses > 0) continue;
    if (oldest == statements_.end() || one->second.last_use < oldest->second.last_use) oldest = one;
  }
  if (oldest == statements_.end()) return;
  sqlite3_finalize(oldest->second.statement);
  statements_.erase(oldest);
}

sqlite3_file* Connection::File() {
  sqlite3_file* file = nullptr;
  const int code = sqlite3_file_control(database_, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  const bool is_open = code == SQLITE_OK && file != nullptr && file->pMethods != nullptr;
  return is_open ? file : nullptr;
}

std::optional<std::string> Connection::ReadFirstPage() {
  sqlite3_file* const file = File();
  if (file == nullptr) return std::nullopt;
  std::string page(kFirstPageBytes, '\0');
  const int code = file->pMethods->xRead(file, page.data(), static_cast<int>(page.size()), 0);
  // SQLite fills the missing part of a short file with zeros.
  if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) return std::nullopt;
  return page;
}

std::optional<int> Connection::Checkpoint(bool cut) {
  if (failed()) return std::nullopt;
  int pages = 0;
  int copied = 0;
  sqlite3_busy_timeout(database_, 0);
  const int code = sqlite3_wal_checkpoint_v2(
      database_, "main", cut ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &pages,
      &copied);
  sqlite3_busy_timeout(database_, kBusyMilliseconds);
  // SQLite syncs the file only if it has copied the whole log.
  const bool whole = code == SQLITE_OK && copied == pages;
  if (sqlite3_file* const file = File(); !whole && file != nullptr) {
    const int synced = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    if (synced != SQLITE_OK) Fail(synced);
  }
  if (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) return pages;
  // On a full disk only this attempt fails. Any other error leaves the file in doubt.
  if ((code & 0xff) != SQLITE_FULL) Fail(code);
  return std::nullopt;
}

void Connection::TakeOverCheckpoints() {
  sqlite3_wal_hook(
      database_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Connection*>(self)->log_pages_ = pages;
        return SQLITE_OK;
      },
      this);
}

void Connection::StopWhen(std::function<bool()> stop) {
  stop_ = std::move(stop);
  if (!stop_) return sqlite3_progress_handler(database_, 0, nullptr, nullptr);
  sqlite3_progress_handler(
      database_, base::kStepsBetweenStopChecks,
      [](void* self) { return static_cast<Connection*>(self)->stop_() ? 1 : 0; }, this);
}

void Connection::Fail(int code) {
  if (failed()) return;
  std::string message = absl::StrFormat("SQLite error %d: %s", code, sqlite3_errmsg(database_));
  const int kind = code & 0xff;
  const int system_error = sqlite3_system_errno(database_);
  if ((kind == SQLITE_CANTOPEN || kind == SQLITE_IOERR) && system_error != 0) {
    absl::StrAppendFormat(&message, " (%s)", std::strerror(system_error));
  }
  if (crash_on_damage_ && IsDamage(code)) {
    std::fprintf(
        stderr,
        "the store failed and this process ends, because it is unknown what reached the disk: "
        "%s. Check the disk, then start again.\n",
        message.c_str());
    std::abort();
  }
  failure_ = absl::UnavailableError(message);
  failure_code_ = code;
}

Query::Query(Connection& connection, std::string_view sql)
    : connection_(connection),
      prepared_(connection.Prepare(sql)),
      statement_(prepared_ == nullptr ? nullptr : prepared_->statement) {}

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  --prepared_->uses;
}

void Query::CheckBound(int code) {
  if (code != SQLITE_OK) connection_.Fail(code);
}

Query& Query::Bind(std::int64_t value) {
  if (statement_ != nullptr) CheckBound(sqlite3_bind_int64(statement_, ++bound_, value));
  return *this;
}

Query& Query::Text(const std::string& text) {
  if (statement_ != nullptr) {
    CheckBound(sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_TRANSIENT,
                                   SQLITE_UTF8));
  }
  return *this;
}

Query& Query::Blob(const std::string& bytes) {
  if (statement_ != nullptr) {
    CheckBound(
        sqlite3_bind_blob64(statement_, ++bound_, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
  }
  return *this;
}

Query& Query::BindNull() {
  if (statement_ != nullptr) CheckBound(sqlite3_bind_null(statement_, ++bound_));
  return *this;
}

bool Query::Next() {
  if (statement_ == nullptr || connection_.failed()) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) connection_.Fail(code);
  return false;
}

void Query::Run() {
  while (Next()) {
    // The caller does not read the rows of a RETURNING clause.
  }
}

std::optional<base::Time> Query::OptionalTime(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Time(column);
}

std::string Query::Bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

}  // namespace callbridge::store
