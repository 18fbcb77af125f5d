// The secrets that the settings of the ingress name, once they are read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "webhook/authenticate.h"

namespace callbridge::webhook {

// The secrets of the settings, as far as they name some.
struct WebhookSecrets {
  std::optional<HmacScheme> hmac;
  std::optional<HmacScheme> report_only;
  std::vector<BasicCredential> basic;
};

// Returns each secret that may sign a webhook: those that decide, and those on trial.
std::vector<std::string> SigningSecrets(const WebhookSecrets& secrets);
// Returns each secret that no output may show.
std::vector<std::string> AllSecrets(const WebhookSecrets& secrets);

}  // namespace callbridge::webhook
