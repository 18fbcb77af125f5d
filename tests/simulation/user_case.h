// What the tests of the cases that users suffered share: who was called and what each telephone
// heard and when, by the provider's own truth; and people who hang up at a chosen moment. It reads
// a world and never changes what the service knows.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulation/expect.h"
#include "tests/simulation/world.h"
#include "tests/simulation/world_settings.h"

namespace callbridge::simulation {

// The two of the first bridge.
inline const std::string kCaller = CallerNumber(0);
inline const std::string kCallee = CalleeNumber(0);

// A world whose story can be told. passes: World::Options.
World::Options Kept(std::function<bool(const simulator::Delivery&)> passes = {});

// Every call from or to the telephone of this number, the oldest first; as the provider knows it.
std::vector<simulator::Call> CallsOf(World& world, const std::string& number);
// The only one; there must be one.
simulator::Call CallOf(World& world, const std::string& number);
// The person hangs up now. The telephone must be in a call.
void HangUp(World& world, const std::string& number);

// When a line of what the call went through first began like this. Nothing: never.
std::optional<base::Time> When(const simulator::Call& call, std::string_view line);
bool Hears(const simulator::Call& call);

// False: the first session did not come to this phase ("dialing_callee") within a minute.
bool RunUntilPhase(World& world, const std::string& phase);
// Until the provider shows a call of this number in this state.
bool RunUntilCallIs(World& world, const std::string& number, simulator::CallState state);

// Requests of an operation ("dial", "hangup-conference") that reached the provider.
int Requests(World& world, const std::string& operation);
// The first session's events in words: "LegEnded caller HUNG_UP by CALLER".
std::vector<std::string> Told(World& world);
int Sessions(World& world);

}  // namespace callbridge::simulation
