#include "tests/simulator/random.h"

#include <absl/strings/str_format.h>

namespace callbridge::simulator {

std::uint64_t Random::Next() {
  // SplitMix64 (Steele, Lea, Flood 2014): three lines, and every seed is a good one.
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31U);
}

bool Random::Chance(double probability) {
  if (probability <= 0) return false;
  return static_cast<double>(Next() >> 11U) * 0x1.0p-53 < probability;
}

base::Duration Random::UpTo(base::Duration limit) {
  if (limit <= base::Duration::zero()) return base::Duration::zero();
  const auto range = static_cast<std::uint64_t>(limit.count()) + 1;
  return base::Duration(static_cast<base::Duration::rep>(Next() % range));
}

std::string Random::Uuid() {
  const std::uint64_t high = Next();
  const std::uint64_t low = Next();
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", high >> 32U, (high >> 16U) & 0xffffU,
                         high & 0xfffU, 0x8000U | ((low >> 48U) & 0x3fffU), low & 0xffffffffffffU);
}

}  // namespace callbridge::simulator
