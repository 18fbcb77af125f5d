// callbridge-compare: the table of mistakes of the obvious bridge and of the service. Exit status
// 0: it is printed; 2: the arguments are wrong.
#include <absl/strings/numbers.h>

#include <cstdint>
#include <cstdio>
#include <string_view>

#include "tests/compare/comparison.h"

int main(int argc, char** argv) {
  std::uint64_t seed = callbridge::compare::kDefaultSeed;
  const bool given = argc == 3 && std::string_view(argv[1]) == "--seed";
  if (argc != 1 && (!given || !absl::SimpleAtoi(argv[2], &seed))) {
    std::fputs(
        "callbridge-compare [--seed S]\n  --seed S  of the weather and the callers (default 1)\n",
        stderr);
    return 2;
  }
  std::fputs(callbridge::compare::Table(seed).c_str(), stdout);
  return 0;
}
