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

TEST(Arguments, TakesEmptyValuesAndThoseThatLookLikeFlags) {
  EXPECT_EQ(Arguments::Parse({"--settings="}, kFlags)->Value("settings"), "");
  EXPECT_EQ(Arguments::Parse({"--settings", "", "a"}, kFlags)->Value("settings"), "");
  EXPECT_EQ(Arguments::Parse({"--settings=--x=y"}, kFlags)->Value("settings"), "--x=y");
  EXPECT_EQ(Arguments::Parse({"--settings", "-5m"}, kFlags)->Value("settings"), "-5m");
  EXPECT_THAT(Arguments::Parse({"--label=[a]", "--label={}"}, kFlags)->Values("label"),
              testing::ElementsAre("[a]", "{}"));
  EXPECT_THAT(Arguments::Parse({"-", "[a,b]", "++", "a=b"}, kFlags)->words(),
              testing::ElementsAre("-", "[a,b]", "++", "a=b"));
}

TEST(Arguments, FindsTheCommandAmongFlagsAndWords) {
  const std::vector<Command> commands = {{"get", {}}, {"end", {{"reason", "TEXT", "why"}}}};
  const auto parse = [&](const std::vector<std::string>& arguments) {
    const auto parsed = Arguments::Parse(arguments, kFlags, commands);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    return parsed.value_or(Arguments());
  };
  const Arguments end = parse({"--label=a", "end", "get", "--reason", "x", "--label=b"});
  EXPECT_EQ(end.command(), "end");
  EXPECT_THAT(end.words(), testing::ElementsAre("get"));
  EXPECT_EQ(end.Value("reason"), "x");
  EXPECT_THAT(end.Values("label"), testing::ElementsAre("a", "b"));
  EXPECT_EQ(parse({}).command(), "");
  EXPECT_THAT(parse({"--foo", "gte"}).words(), testing::ElementsAre("gte"));
  const auto error = [&](const std::vector<std::string>& arguments) {
    return std::string(Arguments::Parse(arguments, kFlags, commands).status().message());
  };
  EXPECT_EQ(error({"get", "--reason=x"}), "--reason: unknown flag; see --help");
  EXPECT_EQ(error({"--reason=x", "end"}),
            "--reason: belongs to the command; write it behind the command's name");
  EXPECT_EQ(error({"end", "--reson=x"}), "--reson: unknown flag; did you mean --reason?");
  EXPECT_EQ(error({"end", "--reason"}), "--reason: needs a value; write --reason=TEXT");
}

TEST(Arguments, AreDescribedInAlignedLines) {
  EXPECT_EQ(DescribeFlags(kFlags),
            "  --settings FILE    the settings file\n"
            "  --check-config     check the settings and exit\n"
            "  --label KEY=VALUE  a label\n");
}

}  // namespace
}  // namespace callbridge::base
