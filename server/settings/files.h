// Checks the files that the settings name, and reads secrets. Contents never appear in errors or
// logs. The names given for secrets do not either, because an operator may have written the secret
// itself there. A relative path starts at the current directory.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

// The bytes of a PEM file: a few hundred authorities.
inline constexpr std::size_t kPemBytesMax = 1024 * 1024;

// Reads a small file. Fails with NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (not a file, or
// longer than bytes_max) or UNAVAILABLE. The message is a sentence about "the file"; the caller
// adds its name.
absl::StatusOr<std::string> ReadTextFile(const std::string& path, std::size_t bytes_max);

// Returns the file's content without line breaks at its end. Fails with NOT_FOUND,
// PERMISSION_DENIED, or INVALID_ARGUMENT for an empty, binary or huge file; the message says what
// to do.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

// True if members of the file's group, or all users, may read it.
bool OthersMayRead(const std::string& path);

// Reads the account's api_key_file, password_file or bearer_token_file.
absl::StatusOr<std::string> ReadAccountSecret(const config::v1::Account& account);

// The process whose files must exist. Each process runs with its own secrets.
enum class Process {
  // Accounts, TLS and the store; webhooks too if webhook.in_server is set.
  kServer,
  // The secrets of webhooks.
  kWebhook,
  // callbridge-admin: the secrets of accounts and of webhooks.
  kAdmin,
  // All files that are named.
  kAny,
};

// Checks that the files exist and that this process can read them. Secrets are read only to see
// that they are not empty and no placeholders. Missing names are ignored, because other checks
// refuse them.
Findings CheckFiles(const config::v1::Settings& settings, Process process);

}  // namespace callbridge::settings
