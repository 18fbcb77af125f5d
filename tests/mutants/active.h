// Which mutant is switched on in this process: one source tree holds all of them, each behind
// Active(its number), and is compiled once. Only sources that tests/mutants/weave.py wrote include
// this; nothing that is delivered does.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace callbridge::mutants {

// 0: none.
inline const long kNumber = [] {
  const char* wanted = std::getenv("CALLBRIDGE_MUTANT");
  return wanted == nullptr ? 0L : std::strtol(wanted, nullptr, 10);
}();

// Says at the end whether the changed place was ever come to: a mutant that was not needs another
// world, not another check.
struct Reached {
  bool reached = false;
  ~Reached() {
    if (reached) std::fputs("the mutant was reached\n", stderr);
  }
};
inline Reached reached;

inline bool Active(long number) {
  if (number != kNumber) return false;
  reached.reached = true;
  return true;
}

}  // namespace callbridge::mutants
