// A small file read as a whole.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>

namespace callbridge::settings {

// NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (not a file, or longer than bytes_max) or
// UNAVAILABLE. The message is a sentence about "the file" and leaves its name to the caller.
absl::StatusOr<std::string> ReadTextFile(const std::string& path, std::size_t bytes_max);

}  // namespace callbridge::settings
