// The embedded durable store: one SQLite file, used by one process. Every change is on the disk (WAL, synchronous FULL)
// before the method returns. After an I/O error the process ends, because nobody knows what reached the disk.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include "server/base/time.h"
#include "server/store/store.h"

namespace callbridge::store {

// Makes the file if there is none. now: what is too old already is dropped at once.
// FAILED_PRECONDITION: another process uses it, its version is newer, or it is not a store. DATA_LOSS: it is damaged.
// UNAVAILABLE: the disk is full or fails; try again when it does not.
absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path, base::Time now);

}  // namespace callbridge::store
