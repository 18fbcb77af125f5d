// Reads the secrets of webhooks that the settings name. Errors say what is wrong with a file, and
// never what it holds.
#pragma once

#include <absl/status/statusor.h>

#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "webhook/webhook_secrets.h"

namespace callbridge::webhook {

// Reads all of them; the parts that the settings do not name stay empty. All three functions return
// the errors of settings::ReadSecretFile.
absl::StatusOr<std::vector<BasicCredential>> ReadBasicCredentials(
    const config::v1::Webhook::WebhookBasic& basic);
absl::StatusOr<HmacScheme> ReadHmacScheme(const Hmac& hmac);
absl::StatusOr<WebhookSecrets> ReadWebhookSecrets(const config::v1::Webhook& webhook);

}  // namespace callbridge::webhook
