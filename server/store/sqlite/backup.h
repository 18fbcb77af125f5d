// A copy of a store as one consistent file, also while a server runs on it.
#pragma once

#include <absl/status/status.h>

#include <string>

namespace callbridge::store {

// Only its owner may read the copy, which is on the disk when this returns OK. FAILED_PRECONDITION:
// the store cannot be opened, or there is a file named to already. UNAVAILABLE: the disk is full or
// fails.
absl::Status BackUpSqliteStore(const std::string& path, const std::string& to);

}  // namespace callbridge::store
