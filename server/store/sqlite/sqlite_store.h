// The embedded durable store: one SQLite file, used by one process. Every change is on the disk
// (WAL, synchronous FULL) before the method returns. After an I/O error the process ends, because
// nobody knows what reached the disk.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <string>

#include "server/store/store.h"

namespace callbridge::store {

struct SqliteOptions {
  // Asked often while the store is opened. True: give it up. Empty: never.
  std::function<bool()> stop = {};
  // The store gets a new id: resume tokens that it gave out are refused from now on.
  bool new_id = false;
};

// Makes the file if there is none. Reads little of it, however large it is: it is not checked
// (file_check.h). FAILED_PRECONDITION: another process uses it, its version is newer, it is not a
// store, or it was put beside the log of another one, in which case nothing was changed.
// UNAVAILABLE: the disk is full or fails; try again when it does not. CANCELLED: options.stop.
absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path,
                                                       const SqliteOptions& options = {});

// The store's last server did not end in order. Before it is opened.
bool HasLog(const std::string& path);

}  // namespace callbridge::store
