// The situations that a session can be brought into, phase by phase: which commands may be in
// flight, what has to happen before so that they are, and which faults can strike there. What no
// world or hardly any comes by is not in it, so that being met seldom is always bad luck and never
// the nature of the thing.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "tests/simulation/ambush.h"

namespace callbridge::simulation {

// What a bridge must be like to come there.
enum class AmbushWay { kAny, kOffered, kRequested, kAnswered, kTalkative, kUnanswered, kBusy };

// An ambush that leads into the situation.
struct AmbushStep {
  std::string_view fault;
  std::string_view phase;
  std::string_view command;
  bool always = false;
};

struct AmbushRow {
  std::string_view phase;
  std::string_view command;
  AmbushWay way = AmbushWay::kAny;
  // An empty fault: none.
  std::array<AmbushStep, 2> before;
  // By AmbushGround: how often it is drawn, more often where fewer attempts succeed. Zero: what is
  // struck there does not happen.
  std::array<unsigned, 4> weights;
};

struct AmbushCell {
  std::string_view fault;
  const AmbushRow* row = nullptr;
  unsigned weight = 1;
};

// Every fault in every situation in which it can strike.
const std::vector<AmbushCell>& ReachableCells();

}  // namespace callbridge::simulation
