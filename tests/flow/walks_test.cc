// Walks through the flow: those that fuzzing found worth keeping, which lead into its corners, and
// random ones. Each is walked by the rules of flow_rules.h and must come by the same places as
// ever: its whole course is kept in the words of describe.h.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/flow/describe.h"
#include "tests/flow/golden.h"
#include "tests/fuzz/flow_game.h"
#include "tests/fuzz/random_walk.h"

namespace callbridge::flow {
namespace {

const std::string kWalks = CALLBRIDGE_SOURCE_DIR "/tests/fuzz/corpus/flow";

std::vector<std::uint8_t> ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Each input, when it is not at the same moment as the one before also its time, and what it
// caused.
std::string Walk(const std::vector<std::uint8_t>& bytes) {
  std::string course;
  CommandNames names;
  internal::v1::Session before;
  std::optional<base::Time> start;
  base::Time last;
  fuzz::PlayFlow(bytes.data(), bytes.size(),
                 [&](base::Time now, const internal::v1::Input& input,
                     const internal::v1::Transition& transition) {
                   if (!start) start = now;
                   if (now != last) {
                     absl::StrAppendFormat(&course, "at %gs\n",
                                           std::chrono::duration<double>(now - *start).count());
                   }
                   last = now;
                   absl::StrAppend(&course, "> ", DescribeInput(input, before, names), "\n");
                   const std::string output = DescribeTransition(transition, before, names);
                   for (const auto line : absl::StrSplit(output, '\n', absl::SkipEmpty())) {
                     absl::StrAppend(&course, "  ", line, "\n");
                   }
                   before = transition.session();
                 });
  return course;
}

TEST(Walks, OfTheCorpusComeByTheSamePlaces) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kWalks)) {
    names.insert(entry.path().filename().string());
  }
  ASSERT_GT(names.size(), 50U);
  for (const std::string& name : names) {
    ExpectGolden(absl::StrCat("flow/walks/corpus-", name, ".txt"),
                 Walk(ReadBytes(absl::StrCat(kWalks, "/", name))));
  }
}

// All keep the rules; the courses of the first ones are kept.
TEST(Walks, AtRandomComeByTheSamePlaces) {
  constexpr std::uint32_t kKept = 60;
  for (std::uint32_t seed = 1; seed <= 600; ++seed) {
    const std::string course = Walk(fuzz::RandomWalk(seed));
    if (seed <= kKept) {
      ExpectGolden(absl::StrCat("flow/walks/random-", absl::Dec(seed, absl::kZeroPad2), ".txt"),
                   course);
    }
  }
}

}  // namespace
}  // namespace callbridge::flow
