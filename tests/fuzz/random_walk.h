// Random walks through the flow, for PlayFlow.
#pragma once

#include <cstdint>
#include <vector>

namespace callbridge::fuzz {

// The same bytes for the same seed, for ever. The walks differ in how many of their bytes leave the
// course of a well-behaved world, and in which way.
std::vector<std::uint8_t> RandomWalk(std::uint32_t seed);

}  // namespace callbridge::fuzz
