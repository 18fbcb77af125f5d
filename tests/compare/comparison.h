// Lets the service and the obvious bridge serve the same twenty callers at the same provider, one
// after the other, on simulated time, and says what each did wrong. The same for the same seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/compare/mistakes.h"
#include "tests/compare/twenty_calls.h"

namespace callbridge::compare {

inline constexpr std::uint64_t kDefaultSeed = 1;

// The service, in the world of tests/simulation. Its checker's violations go to violations, if that
// is not null.
std::vector<Mistake> ServedByCallbridge(std::uint64_t seed, const Faults& faults,
                                        std::vector<std::string>* violations = nullptr);
std::vector<Mistake> ServedTheObviousWay(std::uint64_t seed, const Faults& faults);

// For people, as the README shows it.
std::string Table(std::uint64_t seed);

}  // namespace callbridge::compare
