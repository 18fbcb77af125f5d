// What the tests of whole bridges share: a world with one bridge in it, its end, and its story for
// the message of a test that fails.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "callbridge/v1/session.pb.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {

// Of an ended session: after the last look for recorded files.
inline constexpr std::chrono::minutes kUntilAllIsKnown{70};

// One server, one ingress, one reader, nothing goes wrong.
Plan OneBridge(BridgePlan bridge = {});

// Which webhooks reach an ingress.
using Passes = std::function<bool(const simulator::Delivery&)>;
// A world that keeps its lines, and whose ingresses get the webhooks that pass.
World::Options Passing(Passes passes);
// Lets every webhook pass.
bool Everything(const simulator::Delivery& delivery);

// Lets every webhook pass but those whose type holds this word.
Passes AllBut(const std::string& part);

// Needs a world that keeps its lines.
std::string Story(World& world);

// Runs until all is over; then the first session has this result and no invariant was violated.
void ExpectEnd(World& world, v1::Outcome::Result result);
// Whatever the result is.
void ExpectSomeEnd(World& world);

// Plays the plan; it must hold.
void ExpectHolds(const Plan& plan);
// Plays each plan that is drawn from this seed and the next ones, twice, until one does not hold.
void ExpectSeedsHold(std::uint64_t first, std::uint64_t seeds);

}  // namespace callbridge::simulation
