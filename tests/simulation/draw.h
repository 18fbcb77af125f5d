// The draws of one plan: a stream of choices from one seed.
#pragma once

#include <chrono>
#include <cstdint>

#include "tests/simulator/random.h"

namespace callbridge::simulation {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  std::uint64_t Below(std::uint64_t limit) { return random_.Next() % limit; }
  bool OneIn(std::uint64_t many) { return Below(many) == 0; }
  std::chrono::milliseconds Between(std::chrono::milliseconds least,
                                    std::chrono::milliseconds most) {
    return least +
           std::chrono::milliseconds(Below(static_cast<std::uint64_t>((most - least).count()) + 1));
  }
  template <typename Array>
  auto Of(const Array& choices) {
    return choices[Below(choices.size())];
  }

 private:
  simulator::Random random_;
};

}  // namespace callbridge::simulation
