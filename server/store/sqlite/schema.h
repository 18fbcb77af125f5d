// The tables of the SQLite engine and how a file comes to have them. Versions are numbered by
// user_version; each migration runs in a transaction of its own, and a file of a newer version is
// refused.
#pragma once

#include <absl/status/status.h>

#include <string>

#include "server/store/sqlite/connection.h"

namespace callbridge::store {

// Sets the connection up for writing (WAL, synchronous FULL) and migrates the file.
// FAILED_PRECONDITION: not a store, of a newer version. UNAVAILABLE: the disk is full or fails.
absl::Status PrepareFile(Connection& connection, const std::string& path);

}  // namespace callbridge::store
