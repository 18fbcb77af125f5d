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
#include <utility>
#include <vector>

#include "server/base/arguments.h"
#include "server/base/version.h"
#include "tests/simulation/ambush_table.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/run.h"

namespace callbridge::simulation {
namespace {

std::vector<base::Flag> Flags() {
  std::vector<base::Flag> flags = {
      {"first-seed", "F", "begin with this seed (default: 1)"},
      {"seeds", "N", "play this many (default: 100)"},
      {"once", "", "each seed once; otherwise twice, and both courses must be the same"},
      {"fail-fast", "",
       "at the first seed that fails print \"failed seed S\" and end, without making it smaller"},
      {"brief", "", "say which seeds fail and why, without making them smaller"},
      {"coverage", "",
       "print how often each fault met each phase and command: \"cover FAULT PHASE COMMAND "
       "COUNT\""},
      {"cells", "",
       "print each situation that faults can be laid for in ambush: \"cell FAULT PHASE COMMAND\""},
      {"seed", "S", "play this one seed and print what happens in it"}};
  const std::vector<base::Flag> common = base::CommonFlags();
  flags.insert(flags.end(), common.begin(), common.end());
  return flags;
}

// Which worlds are played.
struct Choice {
  std::uint64_t first_seed = 1;
  std::uint64_t seeds = 100;
  std::optional<std::uint64_t> only;
};

// Empty: all numbers could be read; otherwise what is wrong.
std::string Read(const base::Arguments& arguments, Choice& choice) {
  std::uint64_t seed = 0;
  for (const auto& [name, value] :
       {std::pair("first-seed", &choice.first_seed), {"seeds", &choice.seeds}, {"seed", &seed}}) {
    const std::optional<std::string> text = arguments.Value(name);
    if (!text.has_value()) continue;
    if (!absl::SimpleAtoi(*text, value)) {
      return absl::StrCat("--", name, ": \"", *text, "\" is no whole number from 0 up");
    }
    if (value == &seed) choice.only = seed;
  }
  return "";
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

int PlayAll(const Choice& choice, const base::Arguments& arguments) {
  const auto begin = std::chrono::steady_clock::now();
  base::Duration lasted{};
  std::int64_t sessions = 0;
  int failed = 0;
  std::map<std::string, std::int64_t> coverage;
  for (std::uint64_t seed = choice.first_seed; seed < choice.first_seed + choice.seeds; ++seed) {
    const Plan plan = DrawPlan(seed);
    const Course course = arguments.Has("once") ? Play(plan) : PlayTwice(plan);
    lasted += course.lasted;
    sessions += course.sessions;
    for (const auto& [cell, count] : course.coverage) coverage[cell] += count;
    if (course.ok()) continue;
    ++failed;
    std::printf("failed seed %lu\n", static_cast<unsigned long>(seed));
    for (const std::string& violation : course.violations) std::printf("  %s\n", violation.c_str());
    std::fflush(stdout);
    if (arguments.Has("fail-fast")) return 1;
    if (!arguments.Has("brief")) std::printf("%s\n", Explain(plan).c_str());
  }
  const double took =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double hours = std::chrono::duration<double, std::ratio<3600>>(lasted).count();
  std::printf("%lu seeds, %ld sessions, %.1f simulated hours, %d failed, %.0f seeds a second\n",
              static_cast<unsigned long>(choice.seeds), static_cast<long>(sessions), hours, failed,
              static_cast<double>(choice.seeds) / took);
  if (arguments.Has("coverage")) {
    for (const auto& [cell, count] : coverage) {
      std::printf("cover %s %ld\n", cell.c_str(), static_cast<long>(count));
    }
  }
  return failed == 0 ? 0 : 1;
}

int Run(int argument_count, const char* const* values) {
  const auto arguments = base::Arguments::Parse(argument_count, values, Flags());
  Choice choice;
  std::string problem =
      arguments.ok() ? Read(*arguments, choice) : std::string(arguments.status().message());
  if (problem.empty() && !arguments->words().empty()) {
    problem = "\"" + arguments->words().front() + "\": one word too many; only flags are taken";
  }
  if (!problem.empty()) {
    std::fprintf(stderr, "callbridge-simulation: %s\n", problem.c_str());
    return 2;
  }
  if (arguments->Has("help")) {
    std::printf("callbridge-simulation [flags]\n%s", base::DescribeFlags(Flags()).c_str());
    return 0;
  }
  if (arguments->Has("version")) {
    std::printf("callbridge-simulation %s\n", std::string(base::Version()).c_str());
    return 0;
  }
  if (arguments->Has("cells")) return ShowCells();
  return choice.only ? Show(*choice.only) : PlayAll(choice, *arguments);
}

}  // namespace
}  // namespace callbridge::simulation

int main(int argc, char** argv) { return callbridge::simulation::Run(argc, argv); }
