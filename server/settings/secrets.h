// Secrets live in files of their own; the settings hold file names only. Contents never appear in
// errors or logs, and neither do the file names given for them: somebody may have written the
// secret itself there.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>

#include "callbridge/config/v1/settings.pb.h"

namespace callbridge::settings {

// The file's content without line breaks at its end. NOT_FOUND, PERMISSION_DENIED, or
// INVALID_ARGUMENT for an empty, binary or huge one, with what to do. A relative path starts at the
// current directory.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

// True if members of the file's group or all users may read it.
bool OthersMayRead(const std::string& path);

// What the account's api_key_file, password_file or bearer_token_file holds.
absl::StatusOr<std::string> ReadAccountSecret(const config::v1::Account& account);

}  // namespace callbridge::settings
