#include "server/settings/secrets.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "server/base/limits.h"
#include "server/settings/text_file.h"

namespace callbridge::settings {

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  absl::StatusOr<std::string> content = ReadTextFile(path, base::kSecretBytesMax);
  if (!content.ok()) return content.status();
  while (content->ends_with('\n') || content->ends_with('\r')) content->pop_back();
  if (content->empty()) {
    return absl::InvalidArgumentError("the file is empty; write the secret into it");
  }
  // A line break or another control character inside would end the header it is sent in.
  const bool control = std::any_of(content->begin(), content->end(), [](char c) {
    return static_cast<std::uint8_t>(c) < 0x20 || static_cast<std::uint8_t>(c) == 0x7F;
  });
  if (control) {
    return absl::InvalidArgumentError("the file holds more than one line; leave only the secret");
  }
  return content;
}

bool OthersMayRead(const std::string& path) {
  struct stat about;
  if (stat(path.c_str(), &about) != 0) return false;
  // A file of another owner, like a mounted secret with fsGroup, is read through its group: that is
  // how it is meant.
  const bool group_is_needed = about.st_uid != geteuid();
  return (about.st_mode & S_IROTH) != 0 || ((about.st_mode & S_IRGRP) != 0 && !group_is_needed);
}

absl::StatusOr<std::string> ReadAccountSecret(const config::v1::Account& account) {
  using config::v1::Account;
  switch (account.authorization_case()) {
    case Account::kApiKeyFile:
      return ReadSecretFile(account.api_key_file());
    case Account::kBasic:
      return ReadSecretFile(account.basic().password_file());
    case Account::kBearerTokenFile:
      return ReadSecretFile(account.bearer_token_file());
    case Account::AUTHORIZATION_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "the account has no authorization; set api_key_file, basic or bearer_token_file");
}

}  // namespace callbridge::settings
