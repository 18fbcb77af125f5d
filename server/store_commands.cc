#include "server/store_commands.h"

#include <iostream>
#include <string>

#include "server/store/sqlite/backup.h"
#include "server/store/sqlite/file_check.h"
#include "server/store/sqlite/sqlite_store.h"

namespace callbridge {

std::vector<base::Flag> StoreFlags() {
  return {{"check-store", "FILE", "read a whole store, say whether it is sound, and end"},
          {"backup", "FILE",
           "write the store of the settings to a new file, also beside a running server, and end"},
          {"new-store-id", "", "refuse all resume tokens that the store has given out, and end"}};
}

std::optional<absl::Status> AnswerCheckStore(const base::Arguments& arguments) {
  const std::optional<std::string> path = arguments.Value("check-store");
  if (!path) return std::nullopt;
  const absl::Status status = store::CheckSqliteFile(*path);
  if (status.ok()) std::cout << "the store \"" << *path << "\" is sound\n";
  return status;
}

std::optional<absl::Status> AnswerStoreFlags(const base::Arguments& arguments,
                                             const config::v1::Store& settings) {
  const std::optional<std::string> backup = arguments.Value("backup");
  if (!backup && !arguments.Has("new-store-id")) return std::nullopt;
  if (!settings.has_sqlite()) {
    return absl::FailedPreconditionError(
        "store: it is in memory and ends with the server; set store.sqlite");
  }
  const std::string& path = settings.sqlite().path();
  if (backup) return store::BackUpSqliteStore(path, *backup);
  return store::OpenSqliteStore(path, {.stop = {}, .new_id = true}).status();
}

}  // namespace callbridge
