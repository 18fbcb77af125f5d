// The embedded durable store: one SQLite file, used by one process. Every change is on the disk
// (WAL, synchronous FULL) before the method returns. After an I/O error the process ends, because
// it is unknown what reached the disk.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <string>

#include "server/store/store.h"

namespace callbridge::store {

struct SqliteOptions {
  // Asked often while the store is being opened; true stops the opening. Empty means never.
  std::function<bool()> stop = {};
  // Gives the store a new id, so that it refuses resume tokens that it gave out before.
  bool new_id = false;
};

// Opens the file, and makes it if it does not exist. It reads only a small part of the file, and
// does not check it (file_check.h).
//
// FAILED_PRECONDITION means that another process uses the file, that its version is newer, or that
// it is not a store. It also means that the file was put beside the log of another one, in which
// case the file is unchanged. UNAVAILABLE means that the disk is full or fails; the caller may try
// again later. CANCELLED comes from options.stop.
absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path,
                                                       const SqliteOptions& options = {});

// True if the store's last server did not end in order. It must be called before the store is
// opened.
bool HasLog(const std::string& path);

}  // namespace callbridge::store
