#include "webhook/webhook_secrets.h"

namespace callbridge::webhook {

std::vector<std::string> SigningSecrets(const WebhookSecrets& secrets) {
  std::vector<std::string> all;
  for (const auto& scheme : {secrets.hmac, secrets.report_only}) {
    if (scheme) all.insert(all.end(), scheme->secrets.begin(), scheme->secrets.end());
  }
  return all;
}

std::vector<std::string> AllSecrets(const WebhookSecrets& secrets) {
  std::vector<std::string> all = SigningSecrets(secrets);
  for (const BasicCredential& credential : secrets.basic) all.push_back(credential.password);
  return all;
}

}  // namespace callbridge::webhook
