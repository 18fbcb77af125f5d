#include "server/settings/files.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "server/base/limits.h"
#include "server/base/read_only_disk.h"
#include "server/base/url.h"
#include "server/settings/certificates.h"
#include "server/settings/field_validation.h"

namespace callbridge::settings {
namespace {

using config::v1::Account;
using config::v1::Settings;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      // O_NONBLOCK keeps a pipe without a writer from blocking the start.
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

absl::Status Failure(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(
          "no such file; create it or correct the path, which starts at the current directory");
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(
          "the file cannot be read by this user; correct its owner or mode");
    default:
      return absl::UnavailableError(
          absl::StrFormat("the file cannot be read: %s", std::strerror(error)));
  }
}

constexpr std::size_t kSecretBytesMin = 8;

// True for a text that examples give in the place of a secret. Case, "-", "_" and spaces do not
// count.
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

void WarnIfOthersMayRead(const std::string& file, const std::string& path, Findings& findings) {
  if (!OthersMayRead(file)) return;
  findings.Warn(path, "can be read by other users of this machine; chmod 600 the file");
}

void CheckSecret(const std::string& file, const std::string& path, Findings& findings) {
  if (file.empty()) return;
  const auto secret = ReadSecretFile(file);
  if (!secret.ok()) {
    findings.Refuse(path, std::string(secret.status().message()));
  } else if (secret->size() < kSecretBytesMin || IsPlaceholder(*secret)) {
    findings.Refuse(path, absl::StrFormat("the file holds a placeholder or fewer than %d "
                                          "characters, which an attacker could guess; write the "
                                          "secret into it",
                                          kSecretBytesMin));
  } else {
    WarnIfOthersMayRead(file, path, findings);
  }
}

void CheckPem(const std::string& file, const std::string& path, Findings& findings) {
  if (file.empty()) return;
  const auto content = ReadTextFile(file, kPemBytesMax);
  if (!content.ok()) {
    findings.Refuse(path,
                    absl::StrFormat("\"%s\": %s", file, std::string(content.status().message())));
  } else if (content->find("-----BEGIN ") == std::string::npos) {
    findings.Refuse(path,
                    absl::StrFormat("\"%s\": the file holds no PEM block; name one that begins "
                                    "with \"-----BEGIN\"",
                                    file));
  }
}

void CheckDatabase(const std::string& name, const std::string& path, Findings& findings) {
  const std::filesystem::path file(name);
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    findings.Refuse(path,
                    "its folder does not exist; create it (a relative path starts at the current "
                    "directory)");
  } else if (std::filesystem::is_directory(file, error)) {
    findings.Refuse(path, "is a folder; name a file in it");
  } else if (base::IsOnReadOnlyDisk(folder.string())) {
    findings.Refuse(path,
                    "is on a file system that is mounted read-only; mount it writable, or name a "
                    "file on another disk");
  }
}

// Checks the file that a field names. Another check refuses a missing name.
void CheckFile(rule::v1::Form form, const std::string& file, const std::string& path,
               Findings& findings) {
  if (file.empty()) return;
  if (form == rule::v1::FORM_SECRET_FILE) {
    CheckSecret(file, path, findings);
  } else if (form == rule::v1::FORM_PEM_FILE) {
    CheckPem(file, path, findings);
  } else if (form == rule::v1::FORM_PEM_KEY_FILE) {
    CheckPem(file, path, findings);
    WarnIfOthersMayRead(file, path, findings);
  } else if (form == rule::v1::FORM_DATABASE_FILE) {
    CheckDatabase(file, path, findings);
  }
}

// True if the process reads this file. The ingress reads the secrets of webhooks, and the server
// reads all other files, except those for callbridge-admin alone. A server that contains the
// ingress reads both.
bool IsOf(Process process, const Settings& settings, const std::string& path) {
  if (process == Process::kAny) return true;
  const bool of_webhooks = path.starts_with("webhook.");
  const bool of_accounts = path.starts_with("accounts.");
  if (process == Process::kWebhook) return of_webhooks;
  if (process == Process::kAdmin) return of_webhooks || of_accounts;
  if (of_accounts && path.find(".setup.") != std::string::npos) return false;
  return !of_webhooks || settings.webhook().in_server();
}

// Checks the certificate that clients of the process are shown, unless one of its files was refused
// already. Tls: config::v1::Tls or WebhookTls.
template <typename Tls>
void CheckTls(const Tls& tls, const std::string& public_host, std::string_view path,
              Findings& findings) {
  const bool refused = std::ranges::any_of(findings.violations, [path](const Finding& finding) {
    return finding.path.starts_with(path);
  });
  if (refused) return;
  CheckCertificates({tls.certificate_file(), tls.key_file(), tls.client_ca_file()}, public_host,
                    path, findings);
}

void CheckPairs(Process process, const Settings& settings, Findings& findings) {
  const config::v1::Webhook& webhook = settings.webhook();
  if (webhook.has_tls() && IsOf(process, settings, "webhook.tls")) {
    const std::optional<base::Url> url = base::ParseUrl(webhook.public_url());
    CheckTls(webhook.tls(), url.has_value() ? url->host : "", "webhook.tls", findings);
  }
  if (settings.grpc().has_tls() && IsOf(process, settings, "grpc.tls")) {
    CheckTls(settings.grpc().tls(), "", "grpc.tls", findings);
  }
}

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path, std::size_t bytes_max) {
  const OpenFile file(path);
  if (file.descriptor() < 0) return Failure(errno);
  struct stat about;
  if (fstat(file.descriptor(), &about) != 0) return Failure(errno);
  if (!S_ISREG(about.st_mode)) return absl::InvalidArgumentError("must be a file");
  std::string content;
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t count = read(file.descriptor(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failure(errno);
    if (count == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(count));
    if (content.size() > bytes_max) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the file is longer than %d bytes; is it the right one?", bytes_max));
    }
  }
}

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  absl::StatusOr<std::string> content = ReadTextFile(path, base::kSecretBytesMax);
  if (!content.ok()) return content.status();
  while (content->ends_with('\n') || content->ends_with('\r')) content->pop_back();
  if (content->empty()) {
    return absl::InvalidArgumentError("the file is empty; write the secret into it");
  }
  // A line break or another control character inside the secret would end the header in which it is
  // sent.
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
  // A file of another owner, like a mounted secret with fsGroup, is meant to be read through its
  // group.
  const bool group_is_needed = about.st_uid != geteuid();
  return (about.st_mode & S_IROTH) != 0 || ((about.st_mode & S_IRGRP) != 0 && !group_is_needed);
}

absl::StatusOr<std::string> ReadAccountSecret(const config::v1::Account& account) {
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

Findings CheckFiles(const Settings& settings, Process process) {
  Findings findings;
  VisitTexts(settings, "",
             [&](rule::v1::Form form, const std::string& text, const std::string& path) {
               if (IsOf(process, settings, path)) CheckFile(form, text, path, findings);
             });
  CheckPairs(process, settings, findings);
  return findings;
}

}  // namespace callbridge::settings
