// Whether the ports that we open are protected and apart, and whether webhooks are authenticated.
// It fails closed. Pure.
#pragma once

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

// grpc, inbox and webhook.
void ValidateNetwork(const config::v1::Settings& settings, Findings& findings);

}  // namespace callbridge::settings
