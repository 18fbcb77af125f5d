// Walks through the flow: those that fuzzing found worth keeping, which lead into its corners, and
// random ones. Each is walked by the rules of flow_rules.h and must come by the same places as
// ever: its whole course is kept in the words of describe.h.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/flow/describe.h"
#include "tests/flow/golden.h"
#include "tests/fuzz/flow_game.h"

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

// Of the choices that a byte stands for in flow_game.cc: requests, which mostly end a session, and
// what no provider would say.
constexpr std::array<std::uint8_t, 4> kRequestsAndNonsense = {12, 7, 13, 14};

// A byte of 0 goes on as a well-behaved world would. The walks differ in how many of their bytes
// are others, and in which.
std::vector<std::uint8_t> RandomBytes(std::uint32_t seed) {
  std::mt19937 random(seed);
  const std::uint32_t calm = seed % 10;
  const std::size_t left_out = std::array<std::size_t, 3>{0, 1, 4}[seed % 3];
  std::vector<std::uint8_t> bytes(400);
  for (std::uint8_t& byte : bytes) {
    const bool goes_on = random() % 10 < calm;
    byte = goes_on ? 0 : static_cast<std::uint8_t>(random() >> 24);
    for (std::size_t i = 0; i < left_out; ++i) {
      if (byte % 16 == kRequestsAndNonsense[i]) byte = 0;
    }
  }
  return bytes;
}

// All keep the rules; the courses of the first ones are kept.
TEST(Walks, AtRandomComeByTheSamePlaces) {
  constexpr std::uint32_t kKept = 60;
  for (std::uint32_t seed = 1; seed <= 600; ++seed) {
    const std::string course = Walk(RandomBytes(seed));
    if (seed <= kKept) {
      ExpectGolden(absl::StrCat("flow/walks/random-", absl::Dec(seed, absl::kZeroPad2), ".txt"),
                   course);
    }
  }
}

}  // namespace
}  // namespace callbridge::flow
