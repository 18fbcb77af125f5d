#include "server/store/sqlite/backup.h"

#include <absl/status/statusor.h>
#include <absl/strings/str_format.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "server/store/sqlite/connection.h"

namespace callbridge::store {
namespace {

// Makes the file durable. Returns false if that fails.
bool Sync(const std::string& path, int flags) {
  const int file = open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = fsync(file) == 0;
  close(file);
  return synced;
}

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// Writes the copy. `partial` is not the name of the backup, because half a backup must not look
// like a whole one.
absl::Status WriteCopy(Connection& connection, const std::string& partial) {
  Query(connection, "VACUUM INTO ?").Text(partial).Run();
  absl::Status status = connection.TakeFailure();
  if (!status.ok()) return status;
  return Sync(partial, O_RDWR) ? absl::OkStatus() : absl::UnavailableError("it cannot be synced");
}

}  // namespace

absl::Status BackUpSqliteStore(const std::string& path, const std::string& to) {
  if (std::filesystem::exists(to)) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the backup \"%s\" exists already: name a new file", to));
  }
  if (!std::filesystem::exists(path)) {
    return absl::FailedPreconditionError(
        absl::StrFormat("there is no store \"%s\": name the file of store.sqlite.path", path));
  }
  const absl::StatusOr<std::unique_ptr<Connection>> connection =
      Connection::Open(path, Connection::Mode::kReadOnly);
  if (!connection.ok()) return connection.status();
  // The copy holds telephone numbers, so only its owner may read it. The process has no other task.
  umask(077);
  const std::string partial = to + ".partial";
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);
  const absl::Status written = WriteCopy(**connection, partial);
  if (!written.ok()) {
    std::filesystem::remove(partial, ignored);
    return absl::UnavailableError(
        absl::StrFormat("the backup \"%s\" cannot be written (%s): check its folder and its free "
                        "space, then try again",
                        to, std::string(written.message())));
  }
  std::error_code error;
  std::filesystem::rename(partial, to, error);
  if (error) {
    return absl::UnavailableError(absl::StrFormat(
        "the backup \"%s\" cannot be given its name (%s); it is whole at \"%s\": rename that", to,
        error.message(), partial));
  }
  if (!Sync(FolderOf(to), O_RDONLY | O_DIRECTORY)) {
    return absl::UnavailableError(absl::StrFormat(
        "the backup \"%s\" is written, but its folder cannot be synced: check the disk, then back "
        "up to a new file",
        to));
  }
  return absl::OkStatus();
}

}  // namespace callbridge::store
