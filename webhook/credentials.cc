#include "webhook/credentials.h"

#include <string>
#include <utility>

#include "server/settings/files.h"

namespace callbridge::webhook {

absl::StatusOr<std::vector<BasicCredential>> ReadBasicCredentials(
    const config::v1::Webhook::WebhookBasic& basic) {
  std::vector<BasicCredential> credentials;
  for (const config::v1::Basic& entry : basic.credentials()) {
    auto password = settings::ReadSecretFile(entry.password_file());
    if (!password.ok()) return password.status();
    credentials.push_back({entry.username(), *std::move(password)});
  }
  return credentials;
}

absl::StatusOr<HmacScheme> ReadHmacScheme(const Hmac& hmac) {
  HmacScheme scheme;
  scheme.header = hmac.header();
  scheme.prefix = hmac.prefix();
  scheme.encoding = hmac.encoding();
  scheme.algorithm = hmac.algorithm();
  for (const std::string& file : hmac.secret_files()) {
    auto secret = settings::ReadSecretFile(file);
    if (!secret.ok()) return secret.status();
    scheme.secrets.push_back(*std::move(secret));
  }
  return scheme;
}

absl::StatusOr<WebhookSecrets> ReadWebhookSecrets(const config::v1::Webhook& webhook) {
  WebhookSecrets credentials;
  if (webhook.has_hmac()) {
    auto scheme = ReadHmacScheme(webhook.hmac());
    if (!scheme.ok()) return scheme.status();
    credentials.hmac = *std::move(scheme);
  }
  if (webhook.has_report_only()) {
    auto scheme = ReadHmacScheme(webhook.report_only());
    if (!scheme.ok()) return scheme.status();
    credentials.report_only = *std::move(scheme);
  }
  if (webhook.has_basic()) {
    auto basic = ReadBasicCredentials(webhook.basic());
    if (!basic.ok()) return basic.status();
    credentials.basic = *std::move(basic);
  }
  return credentials;
}

}  // namespace callbridge::webhook
