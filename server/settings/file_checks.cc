#include "server/settings/file_checks.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "server/settings/secrets.h"
#include "server/settings/text_file.h"

namespace callbridge::settings {
namespace {

using config::v1::Account;
using config::v1::Settings;
using config::v1::Webhook;

constexpr std::size_t kPemBytesMax = 1024 * 1024;
constexpr std::size_t kSecretBytesMin = 8;

// What examples write where a secret belongs. Case, "-", "_" and spaces do not count.
bool IsPlaceholder(std::string_view secret) {
  constexpr std::array<std::string_view, 8> kPlaceholders = {
      "replaceme",  "changeme", "changethis",  "yoursecret",
      "yourapikey", "password", "placeholder", "secretsecret"};
  std::string plain(secret);
  absl::AsciiStrToLower(&plain);
  std::erase_if(plain, [](char c) { return c == '-' || c == '_' || c == ' '; });
  const bool one_character = plain.find_first_not_of(plain.substr(0, 1)) == std::string::npos;
  return one_character || std::ranges::find(kPlaceholders, plain) != kPlaceholders.end();
}

void CheckSecret(const std::string& file, const std::string& path, Findings& findings) {
  if (file.empty()) return;
  const auto secret = ReadSecretFile(file);
  if (!secret.ok()) {
    findings.Refuse(path, std::string(secret.status().message()));
  } else if (secret->size() < kSecretBytesMin || IsPlaceholder(*secret)) {
    findings.Refuse(path, absl::StrFormat("the file holds a placeholder or fewer than %d "
                                          "characters, which anybody could guess; write the "
                                          "secret into it",
                                          kSecretBytesMin));
  } else if (OthersMayRead(file)) {
    findings.Warn(path, "can be read by other users of this machine; chmod 600 the file");
  }
}

void CheckPem(const std::string& file, const std::string& path, Findings& findings) {
  if (file.empty()) return;
  const auto content = ReadTextFile(file, kPemBytesMax);
  if (!content.ok()) {
    findings.Refuse(path, std::string(content.status().message()));
  } else if (content->find("-----BEGIN ") == std::string::npos) {
    findings.Refuse(path, "the file holds no PEM block");
  }
}

void CheckAccount(const Account& account, const std::string& path, Findings& findings) {
  switch (account.authorization_case()) {
    case Account::kApiKeyFile:
      return CheckSecret(account.api_key_file(), FieldPath(path, "api_key_file"), findings);
    case Account::kBasic:
      return CheckSecret(account.basic().password_file(), FieldPath(path, "basic.password_file"),
                         findings);
    case Account::kBearerTokenFile:
      return CheckSecret(account.bearer_token_file(), FieldPath(path, "bearer_token_file"),
                         findings);
    case Account::AUTHORIZATION_NOT_SET:
      return;
  }
}

void CheckWebhook(const Webhook& webhook, Findings& findings) {
  for (int i = 0; i < webhook.basic().credentials_size(); ++i) {
    const std::string path = ItemPath("webhook.basic.credentials", static_cast<std::size_t>(i));
    CheckSecret(webhook.basic().credentials(i).password_file(), FieldPath(path, "password_file"),
                findings);
  }
  for (int i = 0; i < webhook.hmac().secret_files_size(); ++i) {
    CheckSecret(webhook.hmac().secret_files(i),
                ItemPath("webhook.hmac.secret_files", static_cast<std::size_t>(i)), findings);
  }
}

void CheckStore(const config::v1::Store& store, Findings& findings) {
  if (store.sqlite().path().empty()) return;
  const std::filesystem::path file(store.sqlite().path());
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    findings.Refuse("store.sqlite.path",
                    "its folder does not exist; create it (a relative path starts at the current "
                    "directory)");
  } else if (std::filesystem::is_directory(file, error)) {
    findings.Refuse("store.sqlite.path", "is a folder; name a file in it");
  }
}

void CheckServer(const Settings& settings, Findings& findings) {
  for (const auto& [name, account] : settings.accounts()) {
    CheckAccount(account, FieldPath("accounts", name), findings);
  }
  if (settings.grpc().has_tls()) {
    const config::v1::Tls& tls = settings.grpc().tls();
    CheckPem(tls.certificate_file(), "grpc.tls.certificate_file", findings);
    CheckPem(tls.key_file(), "grpc.tls.key_file", findings);
    CheckPem(tls.client_ca_file(), "grpc.tls.client_ca_file", findings);
    if (OthersMayRead(tls.key_file())) {
      findings.Warn("grpc.tls.key_file",
                    "can be read by other users of this machine; chmod 600 the file");
    }
  }
  CheckStore(settings.store(), findings);
}

}  // namespace

Findings CheckFiles(const Settings& settings, Process process) {
  Findings findings;
  if (process != Process::kWebhook) CheckServer(settings, findings);
  if (process != Process::kServer || settings.webhook().in_server()) {
    CheckWebhook(settings.webhook(), findings);
  }
  return findings;
}

}  // namespace callbridge::settings
