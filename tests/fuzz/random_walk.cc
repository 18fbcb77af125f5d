#include "tests/fuzz/random_walk.h"

#include <array>
#include <cstddef>
#include <random>

namespace callbridge::fuzz {
namespace {

// Of the choices that a byte stands for in flow_game.cc: requests, which mostly end a session, and
// what no provider would say.
constexpr std::array<std::uint8_t, 4> kRequestsAndNonsense = {12, 7, 13, 14};
constexpr std::size_t kSteps = 400;

}  // namespace

std::vector<std::uint8_t> RandomWalk(std::uint32_t seed) {
  std::mt19937 random(seed);
  const std::uint32_t calm = seed % 10;
  const std::size_t left_out = std::array<std::size_t, 3>{0, 1, 4}[seed % 3];
  std::vector<std::uint8_t> bytes(kSteps);
  for (std::uint8_t& byte : bytes) {
    // A byte of 0 goes on as a well-behaved world would.
    const bool goes_on = random() % 10 < calm;
    byte = goes_on ? 0 : static_cast<std::uint8_t>(random() >> 24);
    for (std::size_t i = 0; i < left_out; ++i) {
      if (byte % 16 == kRequestsAndNonsense[i]) byte = 0;
    }
  }
  return bytes;
}

}  // namespace callbridge::fuzz
