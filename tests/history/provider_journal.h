// Reads what infobip-simulator tells of itself (docs/simulator.md) into a history. It takes the
// documents as they are and asks nobody; what a document does not hold stays as it was.
#pragma once

#include <absl/status/status.h>

#include <string>

#include "tests/history/history.h"

namespace callbridge::history {

// GET /control/requests, /control/state and /control/webhooks. InvalidArgument: a document is none
// of these; it says which.
absl::Status ReadRequests(const std::string& json, History& history);
absl::Status ReadState(const std::string& json, History& history);
absl::Status ReadWebhooks(const std::string& json, History& history);

}  // namespace callbridge::history
