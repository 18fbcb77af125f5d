#include "tests/history/invariants.h"

#include <absl/strings/str_cat.h>

namespace callbridge::history {

const std::vector<Invariant>& Invariants() {
  static const std::vector<Invariant>& invariants = *new std::vector<Invariant>{
      {"1", Invariant1},   {"2", Invariant2},   {"3", Invariant3},   {"4", Invariant4},
      {"7", Invariant7},   {"8", Invariant8},   {"9", Invariant9},   {"11", Invariant11},
      {"12", Invariant12}, {"14", Invariant14}, {"16", Invariant16}, {"19", Invariant19},
      {"20", Invariant20}, {"23", Invariant23}, {"26", Invariant26}, {"27", Invariant27},
      {"28", Invariant28}, {"31", Invariant31}, {"32", Invariant32}, {"outcome", OutcomesFit},
  };
  return invariants;
}

Violations CheckHistory(const History& history) {
  Violations all;
  for (const Invariant& invariant : Invariants()) {
    for (const std::string& violation : invariant.check(history)) {
      all.push_back(absl::StrCat("invariant ", invariant.name, ": ", violation));
    }
  }
  return all;
}

}  // namespace callbridge::history
