// Copies a store into one consistent file, also while a server runs on it.
#pragma once

#include <absl/status/status.h>

#include <string>

namespace callbridge::store {

// Copies the store. Only the owner of the copy may read it, and it is on the disk when this returns
// OK. FAILED_PRECONDITION means that the store cannot be opened, or that the file `to` exists
// already. UNAVAILABLE means that the disk is full or fails.
absl::Status BackUpSqliteStore(const std::string& path, const std::string& to);

}  // namespace callbridge::store
