// Whether the files that the settings name are there and can be read by this process. It reads
// secrets only to see that they are not empty, and keeps nothing of them.
#pragma once

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

// Which files must be there: each process runs with its own secrets.
enum class Process {
  // Accounts, TLS and the store; webhooks too if webhook.in_server is set.
  kServer,
  // Secrets of webhooks.
  kWebhook,
  // All that is named.
  kAny,
};

// Names that are missing are passed over: they are refused elsewhere.
Findings CheckFiles(const config::v1::Settings& settings, Process process);

}  // namespace callbridge::settings
