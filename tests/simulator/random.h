// A stream of random numbers that is the same on every machine for the same seed. It is a value: a
// copy goes on alike. It must not be used for anything secret.
#pragma once

#include <cstdint>
#include <string>

#include "server/base/time.h"

namespace callbridge::simulator {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next();
  // True with this probability. Draws nothing for 0 and less, so that a fault switched off changes
  // no other draw.
  bool Chance(double probability);
  // Between zero and limit.
  base::Duration UpTo(base::Duration limit);
  // 8-4-4-4-12 hexadecimal digits, as in the provider's examples.
  std::string Uuid();

 private:
  std::uint64_t state_;
};

}  // namespace callbridge::simulator
