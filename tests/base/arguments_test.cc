#include "server/base/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callbridge::base {
namespace {

const std::vector<Flag> kFlags = {
    {"settings", "FILE", "the settings file"},
    {"check-config", "", "check the settings and exit"},
    {"label", "KEY=VALUE", "a label", true},
};

std::string ErrorOf(const std::vector<std::string>& arguments) {
  const auto parsed = Arguments::Parse(arguments, kFlags);
  return parsed.ok() ? "" : std::string(parsed.status().message());
}

TEST(Arguments, TakesBothSpellingsSwitchesAndWords) {
  const auto parsed = Arguments::Parse({"start", "--settings", "a.yaml", "--check-config",
                                        "--label=a=1", "--label", "b=2", "--", "--word"},
                                       kFlags);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->Value("settings"), "a.yaml");
  EXPECT_TRUE(parsed->Has("check-config"));
  EXPECT_THAT(parsed->Values("label"), testing::ElementsAre("a=1", "b=2"));
  EXPECT_THAT(parsed->words(), testing::ElementsAre("start", "--word"));
}

TEST(Arguments, LeavesOutTheProgramsName) {
  const char* const arguments[] = {"callbridge-server", "--settings=x"};
  const auto parsed = Arguments::Parse(2, arguments, kFlags);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->ValueOr("settings", "none"), "x");
  EXPECT_EQ(parsed->ValueOr("label", "none"), "none");
  EXPECT_FALSE(parsed->Value("label").has_value());
}

TEST(Arguments, NamesTheNearestFlag) {
  EXPECT_EQ(ErrorOf({"--setings", "x"}), "--setings: unknown flag; did you mean --settings?");
  EXPECT_EQ(ErrorOf({"--frobnicate"}), "--frobnicate: unknown flag; see --help");
  EXPECT_EQ(ErrorOf({"-settings"}), "-settings: unknown flag; did you mean --settings?");
}

TEST(Arguments, RefusesMissingSurplusAndRepeatedValues) {
  EXPECT_EQ(ErrorOf({"--settings"}), "--settings: needs a value; write --settings=FILE");
  EXPECT_EQ(ErrorOf({"--settings", "--check-config"}),
            "--settings: needs a value; write --settings=FILE");
  EXPECT_EQ(ErrorOf({"--check-config=yes"}),
            "--check-config: takes no value; write --check-config alone");
  EXPECT_EQ(ErrorOf({"--settings=a", "--settings=b"}), "--settings: given twice; leave one out");
}

TEST(Arguments, AreDescribedInAlignedLines) {
  EXPECT_EQ(DescribeFlags(kFlags),
            "  --settings FILE    the settings file\n"
            "  --check-config     check the settings and exit\n"
            "  --label KEY=VALUE  a label\n");
}

}  // namespace
}  // namespace callbridge::base
