// What went wrong for the people of the comparison, counted from what was true at the provider: its
// calls, conferences and timelines. It asks nobody who bridged them, but for how many bridges each
// knows to be over.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/compare/twenty_calls.h"
#include "tests/simulator/world.h"

namespace callbridge::compare {

// One row of the table.
struct Mistake {
  std::string what;
  std::int64_t count = 0;
  std::string meaning;
};

// world: as it is when everything ought to be over for long. ended: bridges whose end was known.
std::vector<Mistake> CountMistakes(const std::vector<PlannedCall>& calls,
                                   const simulator::World& world, int ended);

std::int64_t Sum(const std::vector<Mistake>& mistakes);

}  // namespace callbridge::compare
