// The tables of the SQLite engine, and their migrations. Versions are numbered by user_version.
// Each migration runs in a transaction of its own, and a file of a newer version is refused.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <string>

#include "server/store/sqlite/connection.h"

namespace callbridge::store {

// The version that this program writes.
std::int64_t NewestVersion();
// The version of the file. If it cannot be read, the connection has failed.
std::int64_t VersionOf(Connection& connection);

// Sets the connection up for writing (WAL, synchronous FULL) and migrates the file.
// FAILED_PRECONDITION means that the file is not a store, or has a newer version. UNAVAILABLE means
// that the disk is full or fails.
absl::Status PrepareFile(Connection& connection, const std::string& path);

}  // namespace callbridge::store
