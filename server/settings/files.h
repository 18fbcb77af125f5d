// The files that the settings name: whether they are there, and what secrets hold. Contents never
// appear in errors or logs, and neither do the names given for secrets: somebody may have written
// the secret itself there. A relative path starts at the current directory.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

// A small file as a whole. NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (not a file, or longer
// than bytes_max) or UNAVAILABLE. The message is a sentence about "the file" and leaves its name to
// the caller.
absl::StatusOr<std::string> ReadTextFile(const std::string& path, std::size_t bytes_max);

// The file's content without line breaks at its end. NOT_FOUND, PERMISSION_DENIED, or
// INVALID_ARGUMENT for an empty, binary or huge one, with what to do.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

// True if members of the file's group or all users may read it.
bool OthersMayRead(const std::string& path);

// What the account's api_key_file, password_file or bearer_token_file holds.
absl::StatusOr<std::string> ReadAccountSecret(const config::v1::Account& account);

// Which files must be there: each process runs with its own secrets.
enum class Process {
  // Accounts, TLS and the store; webhooks too if webhook.in_server is set.
  kServer,
  // Secrets of webhooks.
  kWebhook,
  // All that is named.
  kAny,
};

// Whether the files are there and can be read by this process. Secrets are read only to see that
// they are not empty and no placeholders. Names that are missing are passed over: they are refused
// elsewhere.
Findings CheckFiles(const config::v1::Settings& settings, Process process);

}  // namespace callbridge::settings
