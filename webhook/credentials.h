// Reads the secrets of webhooks that the settings name. Errors say what is wrong with a file, and
// never what it holds.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "webhook/authenticate.h"

namespace callbridge::webhook {

// The secrets of the settings, as far as they name some.
struct WebhookSecrets {
  std::optional<HmacScheme> hmac;
  std::optional<HmacScheme> report_only;
  std::vector<BasicCredential> basic;
};

// Reads all of them; the parts that the settings do not name stay empty. All three functions return
// the errors of settings::ReadSecretFile.
absl::StatusOr<std::vector<BasicCredential>> ReadBasicCredentials(
    const config::v1::Webhook::WebhookBasic& basic);
absl::StatusOr<HmacScheme> ReadHmacScheme(const Hmac& hmac);
absl::StatusOr<WebhookSecrets> ReadWebhookSecrets(const config::v1::Webhook& webhook);

// Returns each secret that may sign a webhook: those that decide, and those on trial.
std::vector<std::string> SigningSecrets(const WebhookSecrets& secrets);

}  // namespace callbridge::webhook
