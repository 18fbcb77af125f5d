// The comparison holds for more than the seed that is shown, the obvious bridge is no straw man,
// and the README shows what the program prints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/compare/comparison.h"

namespace callbridge::compare {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string Describe(const std::vector<Mistake>& mistakes) {
  std::string text;
  for (const Mistake& mistake : mistakes) {
    text += mistake.what + ": " + std::to_string(mistake.count) + "\n";
  }
  return text;
}

class Compare : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Compare, FindsNoMistakeOfCallbridgeInRoughWeather) {
  std::vector<std::string> violations;
  const std::vector<Mistake> ours = ServedByCallbridge(GetParam(), RoughWeather(), &violations);
  EXPECT_EQ(Sum(ours), 0) << Describe(ours);
  EXPECT_THAT(violations, IsEmpty());
}

TEST_P(Compare, FindsMistakesOfTheObviousBridgeInRoughWeather) {
  const std::vector<Mistake> obvious = ServedTheObviousWay(GetParam(), RoughWeather());
  EXPECT_GT(Sum(obvious), 0) << Describe(obvious);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Compare, testing::Range<std::uint64_t>(1, 6));

TEST(Sunshine, FindsNoMistakeOfEither) {
  const std::vector<Mistake> ours = ServedByCallbridge(kDefaultSeed, Sunshine());
  EXPECT_EQ(Sum(ours), 0) << Describe(ours);
  const std::vector<Mistake> obvious = ServedTheObviousWay(kDefaultSeed, Sunshine());
  EXPECT_EQ(Sum(obvious), 0) << Describe(obvious);
}

TEST(Readme, ShowsTheTableThatIsPrinted) {
  std::ifstream file(CALLBRIDGE_SOURCE_DIR "/README.md");
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(readme, HasSubstr("```\n" + Table(kDefaultSeed) + "```\n"))
      << "put what ./dev compare prints into the README";
}

}  // namespace
}  // namespace callbridge::compare
