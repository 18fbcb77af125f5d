// The control endpoint without its HTTP: starts incoming calls, lets people hang up, sets switches,
// faults, delays and people, and shows everything that happened, as JSON. Tests and the demo use
// it; it belongs to the simulator and not to the provider.
#pragma once

#include <string>
#include <string_view>

#include "server/base/time.h"
#include "tests/simulator/model.h"

namespace callbridge::simulator {

// How the webhooks fared, which the model cannot know.
struct WebhookCounts {
  std::int64_t accepted = 0;
  // Answered with another status than 200.
  std::int64_t refused = 0;
  // No answer at all.
  std::int64_t failed = 0;
  std::int64_t repeated = 0;
  std::int64_t given_up = 0;
  std::int64_t waiting = 0;
};

// For targets below /control/. Errors are 400 or 404 with {"error": …}.
Response HandleControl(Model& model, const Request& request, const WebhookCounts& webhooks,
                       base::Time now);

// GET /control/state.
std::string WriteState(const World& world, const WebhookCounts& webhooks);
// GET /control/requests: the latest ones, with bodies.
std::string WriteRequests(const World& world);

}  // namespace callbridge::simulator
