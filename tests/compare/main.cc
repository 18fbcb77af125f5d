// callbridge-compare: the table of mistakes of the obvious bridge and of the service. Exit status
// 0: it is printed; 2: the arguments are wrong.
#include <absl/strings/numbers.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "server/base/arguments.h"
#include "server/base/version.h"
#include "tests/compare/comparison.h"

namespace callbridge::compare {
namespace {

std::vector<base::Flag> Flags() {
  std::vector<base::Flag> flags = {{"seed", "S", "of the weather and the callers (default: 1)"}};
  const std::vector<base::Flag> common = base::CommonFlags();
  flags.insert(flags.end(), common.begin(), common.end());
  return flags;
}

int Refuse(const std::string& problem) {
  std::fprintf(stderr, "callbridge-compare: %s\n", problem.c_str());
  return 2;
}

int Run(int argument_count, const char* const* values) {
  const auto arguments = base::Arguments::Parse(argument_count, values, Flags());
  if (!arguments.ok()) return Refuse(std::string(arguments.status().message()));
  if (!arguments->words().empty()) {
    return Refuse("\"" + arguments->words().front() + "\": one word too many; write --seed S");
  }
  std::uint64_t seed = kDefaultSeed;
  const std::string text = arguments->ValueOr("seed", std::to_string(seed));
  if (!absl::SimpleAtoi(text, &seed)) {
    return Refuse("--seed: \"" + text + "\" is no whole number from 0 up");
  }
  if (arguments->Has("help")) {
    std::printf("callbridge-compare [flags]\n%s", base::DescribeFlags(Flags()).c_str());
  } else if (arguments->Has("version")) {
    std::printf("callbridge-compare %s\n", std::string(base::Version()).c_str());
  } else {
    std::fputs(Table(seed).c_str(), stdout);
  }
  return 0;
}

}  // namespace
}  // namespace callbridge::compare

int main(int argc, char** argv) { return callbridge::compare::Run(argc, argv); }
