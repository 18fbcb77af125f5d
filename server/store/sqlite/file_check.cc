#include "server/store/sqlite/file_check.h"

#include <absl/strings/str_format.h>

#include <memory>
#include <utility>
#include <vector>

#include "server/base/log.h"
#include "server/base/read_only_disk.h"
#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/schema.h"

namespace callbridge::store {
namespace {

absl::StatusOr<std::unique_ptr<Connection>> OpenExisting(const std::string& path) {
  return Connection::Open(path, Connection::Mode::kReadOnly);
}

absl::Status Damaged(const std::string& path, const std::string& found) {
  return absl::DataLossError(
      absl::StrFormat("the store \"%s\" is damaged (%s): restore it from a backup", path, found));
}

// Describes a failure to read the file. Only what SQLite found in it is damage. A disk that is
// read-only, a missing right or a lock says nothing about the content, and a backup would lose what
// is newer.
absl::Status NotRead(const Connection& connection, const std::string& path,
                     const absl::Status& failure) {
  const std::string found(failure.message());
  if (connection.was_unreadable()) return Damaged(path, found);
  if (base::IsOnReadOnlyDisk(path)) {
    return absl::UnavailableError(absl::StrFormat(
        "the store \"%s\" cannot be opened: its file system is read-only, and SQLite writes beside "
        "a store even to read it: make it writable, or copy the file and its \"-wal\" to another "
        "disk and name the copy",
        path));
  }
  return absl::UnavailableError(
      absl::StrFormat("the store \"%s\" cannot be opened: %s: check the disk and who may write "
                      "there, then try again; no damage was found",
                      path, found));
}

bool HasTable(Connection& connection, const std::string& name) {
  Query query(connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  query.Text(name);
  return query.Next();
}

// FAILED_PRECONDITION means that the file is no database, or the database of another program.
absl::Status CheckIsStore(Connection& connection, const std::string& path) {
  const bool is_store = HasTable(connection, "meta") && HasTable(connection, "sessions");
  const absl::Status failure = connection.TakeFailure();
  if (connection.was_no_database() || (failure.ok() && !is_store)) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the file \"%s\" holds no store (%s): name the file of store.sqlite.path; if "
        "it is that file, restore it from a backup",
        path,
        failure.ok() ? "it is the database of another program" : std::string(failure.message())));
  }
  return failure.ok() ? failure : NotRead(connection, path, failure);
}

// Runs the check. Returns OK if it says "ok", or if it was interrupted.
absl::Status Run(Connection& connection, const std::string& path, const std::string& check) {
  std::string found;
  {
    Query query(connection, check);
    while (query.Next()) {
      absl::StrAppendFormat(&found, "%s%s", found.empty() ? "" : "; ", query.Bytes(0));
    }
  }
  const absl::Status failure = connection.TakeFailure();
  if (connection.was_interrupted() || (failure.ok() && found == "ok")) return absl::OkStatus();
  return failure.ok() ? Damaged(path, found) : NotRead(connection, path, failure);
}

}  // namespace

absl::Status CheckSqliteFile(const std::string& path) {
  const absl::StatusOr<std::unique_ptr<Connection>> connection = OpenExisting(path);
  if (!connection.ok()) return connection.status();
  const absl::Status is_store = CheckIsStore(**connection, path);
  if (!is_store.ok()) return is_store;
  return Run(**connection, path, "PRAGMA integrity_check(20)");
}

absl::StatusOr<FileVersion> ReadFileVersion(const std::string& path) {
  const absl::StatusOr<std::unique_ptr<Connection>> connection = OpenExisting(path);
  if (!connection.ok()) return connection.status();
  const absl::Status is_store = CheckIsStore(**connection, path);
  if (!is_store.ok()) return absl::FailedPreconditionError(is_store.message());
  const FileVersion versions{VersionOf(**connection), NewestVersion()};
  const absl::Status failure = (*connection)->TakeFailure();
  if (!failure.ok()) return absl::FailedPreconditionError(failure.message());
  return versions;
}

absl::Status CheckTables(const std::string& path, std::function<bool()> stop) {
  const absl::StatusOr<std::unique_ptr<Connection>> opened = OpenExisting(path);
  if (!opened.ok()) return opened.status();
  Connection& connection = **opened;
  connection.StopWhen(std::move(stop));
  std::vector<std::string> tables;
  {
    Query query(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    while (query.Next()) tables.push_back(query.Bytes(0));
  }
  const absl::Status failure = connection.TakeFailure();
  absl::Status status = failure.ok() ? failure : NotRead(connection, path, failure);
  for (const std::string& table : tables) {
    if (!status.ok()) break;
    // Each table has a read of its own, so that the log can be emptied in between.
    status = Run(connection, path, absl::StrFormat("PRAGMA quick_check('%s')", table));
    // A table that was dropped meanwhile is not damaged.
    const bool there = status.ok() || HasTable(connection, table);
    if (!there && connection.TakeFailure().ok()) status = absl::OkStatus();
  }
  return connection.was_interrupted() ? absl::OkStatus() : status;
}

FileCheck::FileCheck(std::string path)
    : thread_([path = std::move(path)](const std::stop_token& stop) {
        const absl::Status status = CheckTables(path, [&stop] { return stop.stop_requested(); });
        if (stop.stop_requested()) return;
        if (status.ok()) {
          base::Log(base::LogLevel::kInfo, "store_checked", {{"result", "sound"}});
          return;
        }
        if (!absl::IsDataLoss(status)) {
          base::Log(base::LogLevel::kWarning, "store_checked",
                    {{"result", "not read"}, {"error", std::string(status.message())}});
          return;
        }
        base::Log(base::LogLevel::kError, "store_damaged",
                  {{"error", std::string(status.message())},
                   {"help", "make a copy of the files, then restore a backup"}});
      }) {}

}  // namespace callbridge::store
