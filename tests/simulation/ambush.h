// A fault that lies in wait for one situation: a phase of a session with one command in flight.
// Drawing faults by chance meets few of these situations often; an ambush meets the one that it was
// laid for. Plain data, a part of the plan.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "server/base/time.h"

namespace callbridge::simulation {

// Instead of a command's name: none is in flight; it does not matter which one is.
inline constexpr std::string_view kNothing = "nothing";
inline constexpr std::string_view kAnything = "anything";

struct Ambush {
  // As the coverage names it: one of kAmbushFaults.
  std::string fault;
  // Names of the fields of a session's phase and a command's action: "dialing_callee",
  // "play_music".
  std::string phase;
  std::string command;
  // Strikes the session of this bridge of the plan only. Negative: every session.
  int bridge = -1;
  // Strikes whenever the situation is there. Otherwise once in each session.
  bool always = false;
  // Strikes no request but the command's own.
  bool own_request = false;
  // So many chances are let pass first.
  int passes = 0;
  // How long a server is away, an answer late, an outage; how much later a person acts.
  base::Duration lasts{};
};

// What a fault strikes, and so when it can.
enum class AmbushGround {
  // A server at an outward step, as trouble.h tells.
  kServer,
  // A request on its arrival at the provider.
  kRequest,
  // An event on its way to the ingress.
  kWebhook,
  // Nothing in particular: a person or a client acts, or something goes away.
  kMoment,
};

struct AmbushFault {
  std::string_view name;
  AmbushGround ground;
};

inline constexpr std::array<AmbushFault, 26> kAmbushFaults = {{
    {"crash-before", AmbushGround::kServer},      {"crash-after", AmbushGround::kServer},
    {"sleep-before", AmbushGround::kServer},      {"sleep-after", AmbushGround::kServer},
    {"answer-lost", AmbushGround::kServer},       {"refused", AmbushGround::kServer},
    {"throttled", AmbushGround::kRequest},        {"error-before", AmbushGround::kRequest},
    {"error-after", AmbushGround::kRequest},      {"reset-before", AmbushGround::kRequest},
    {"reset-after", AmbushGround::kRequest},      {"action-failed", AmbushGround::kRequest},
    {"slow-response", AmbushGround::kRequest},    {"event-before-response", AmbushGround::kRequest},
    {"stale-read", AmbushGround::kRequest},       {"drop", AmbushGround::kWebhook},
    {"missing-finished", AmbushGround::kWebhook}, {"delay", AmbushGround::kWebhook},
    {"duplicate", AmbushGround::kWebhook},        {"reorder", AmbushGround::kWebhook},
    {"caller-hangs-up", AmbushGround::kMoment},   {"callee-hangs-up", AmbushGround::kMoment},
    {"end-asked", AmbushGround::kMoment},         {"provider-away", AmbushGround::kMoment},
    {"disk-full", AmbushGround::kMoment},         {"ingress-down", AmbushGround::kMoment},
}};

// Not in the table of situations, from which plans are drawn as they always were: hardship_draw.h
// lays these.
inline constexpr std::array<AmbushFault, 1> kHardshipFaults = {{
    {"not-found", AmbushGround::kRequest},
}};

// The fault must be one of them.
AmbushGround GroundOf(std::string_view fault);

}  // namespace callbridge::simulation
