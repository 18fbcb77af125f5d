// Explains what the ingress does with a captured request: which part of the credential fails, and
// which settings would fit instead. It shows names of headers and forms of values, and never a
// secret or a value. Pure.
#pragma once

#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "webhook/captured_request.h"
#include "webhook/webhook_secrets.h"

namespace callbridge::webhook {

struct Verdict {
  // True if the ingress would take the request.
  bool accepted = false;
  // Lines for the operator.
  std::string text;
};

// settings: effective settings. credentials: those that the settings name.
Verdict Verify(const CapturedRequest& request, const config::v1::Webhook& settings,
               const WebhookSecrets& credentials);

}  // namespace callbridge::webhook
