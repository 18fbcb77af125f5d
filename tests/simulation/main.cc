// callbridge-simulation: plays the worlds of many seeds and says what came of them. Exit status 0:
// every one held; 1: one did not, and its seed, its smallest plan and its story are printed; 2: the
// arguments are wrong.
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulation/ambush_table.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/run.h"

namespace callbridge::simulation {
namespace {

constexpr const char* kUsage =
    R"(callbridge-simulation [--first-seed F] [--seeds N] [--once] [--fail-fast] [--brief] [--coverage] [--seed S] [--cells]
  --first-seed F  begin with this seed (default 1)
  --seeds N       play so many (default 100)
  --once          each seed once; otherwise twice, and both courses must be the same
  --fail-fast     at the first seed that fails print "failed seed S" and end, without making it smaller
  --brief         say which seeds fail and why, without making them smaller
  --coverage      print how often each fault met each phase and command: "cover FAULT PHASE COMMAND COUNT"
  --cells         print each situation that faults can be laid for in ambush: "cell FAULT PHASE COMMAND"
  --seed S        play this one seed and print what happens in it
)";

struct Arguments {
  std::uint64_t first_seed = 1;
  std::uint64_t seeds = 100;
  std::optional<std::uint64_t> only;
  bool once = false;
  bool fail_fast = false;
  bool brief = false;
  bool coverage = false;
  bool cells = false;
};

std::optional<Arguments> Read(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const auto number = [&](std::uint64_t& value) {
      return ++i < argc && absl::SimpleAtoi(argv[i], &value);
    };
    std::uint64_t seed = 0;
    if (name == "--once") {
      arguments.once = true;
    } else if (name == "--fail-fast") {
      arguments.fail_fast = true;
    } else if (name == "--brief") {
      arguments.brief = true;
    } else if (name == "--coverage") {
      arguments.coverage = true;
    } else if (name == "--cells") {
      arguments.cells = true;
    } else if (name == "--first-seed") {
      if (!number(arguments.first_seed)) return std::nullopt;
    } else if (name == "--seeds") {
      if (!number(arguments.seeds)) return std::nullopt;
    } else if (name == "--seed" && number(seed)) {
      arguments.only = seed;
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

int ShowCells() {
  for (const AmbushCell& cell : ReachableCells()) {
    const std::string line = "cell " + std::string(cell.fault) + " " +
                             std::string(cell.row->phase) + " " + std::string(cell.row->command);
    std::printf("%s\n", line.c_str());
  }
  return 0;
}

int Show(std::uint64_t seed) {
  const Plan plan = DrawPlan(seed);
  const Course course = Play(plan, true);
  std::printf("%s", Describe(plan).c_str());
  for (const std::string& line : course.story) std::printf("%s\n", line.c_str());
  for (const std::string& violation : course.violations) std::printf("%s\n", violation.c_str());
  return course.ok() ? 0 : 1;
}

int PlayAll(const Arguments& arguments) {
  const auto begin = std::chrono::steady_clock::now();
  base::Duration lasted{};
  std::int64_t sessions = 0;
  int failed = 0;
  std::map<std::string, std::int64_t> coverage;
  for (std::uint64_t seed = arguments.first_seed; seed < arguments.first_seed + arguments.seeds;
       ++seed) {
    const Plan plan = DrawPlan(seed);
    const Course course = arguments.once ? Play(plan) : PlayTwice(plan);
    lasted += course.lasted;
    sessions += course.sessions;
    for (const auto& [cell, count] : course.coverage) coverage[cell] += count;
    if (course.ok()) continue;
    ++failed;
    std::printf("failed seed %lu\n", static_cast<unsigned long>(seed));
    for (const std::string& violation : course.violations) std::printf("  %s\n", violation.c_str());
    std::fflush(stdout);
    if (arguments.fail_fast) return 1;
    if (!arguments.brief) std::printf("%s\n", Explain(plan).c_str());
  }
  const double took =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double hours = std::chrono::duration<double, std::ratio<3600>>(lasted).count();
  std::printf("%lu seeds, %ld sessions, %.1f simulated hours, %d failed, %.0f seeds a second\n",
              static_cast<unsigned long>(arguments.seeds), static_cast<long>(sessions), hours,
              failed, static_cast<double>(arguments.seeds) / took);
  if (arguments.coverage) {
    for (const auto& [cell, count] : coverage) {
      std::printf("cover %s %ld\n", cell.c_str(), static_cast<long>(count));
    }
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace callbridge::simulation

int main(int argc, char** argv) {
  const auto arguments = callbridge::simulation::Read(argc, argv);
  if (!arguments) {
    std::fputs(callbridge::simulation::kUsage, stderr);
    return 2;
  }
  if (arguments->cells) return callbridge::simulation::ShowCells();
  if (arguments->only) return callbridge::simulation::Show(*arguments->only);
  return callbridge::simulation::PlayAll(*arguments);
}
