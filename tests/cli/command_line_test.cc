#include "client/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "client/cli/run.h"
#include "client/cli/usage.h"

namespace callbridge::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string ErrorOf(const std::vector<std::string>& arguments) {
  const auto line = ParseCommandLine(arguments, {});
  EXPECT_TRUE(absl::IsInvalidArgument(line.status()));
  return std::string(line.status().message());
}

TEST(ParseCommandLine, TakesGlobalFlagsBeforeAndAfterTheCommand) {
  const auto line = ParseCommandLine(
      {"--server", "unix:/a", "--json", "get", "s_1", "--timeout=2s", "--show-numbers"}, {});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->command, "get");
  EXPECT_THAT(line->arguments.words(), ElementsAre("s_1"));
  EXPECT_EQ(line->global.server, "unix:/a");
  EXPECT_TRUE(line->global.json);
  EXPECT_TRUE(line->global.show_numbers);
  EXPECT_EQ(line->global.timeout, std::chrono::seconds(2));
}

TEST(ParseCommandLine, TakesTheServerFromFlagEnvironmentAndDefaultInThisOrder) {
  EXPECT_EQ(ParseCommandLine({"list"}, {})->global.server, "127.0.0.1:50051");
  const Environment environment{.server = "host:1", .inbox = "", .no_color = ""};
  EXPECT_EQ(ParseCommandLine({"list"}, environment)->global.server, "host:1");
  EXPECT_EQ(ParseCommandLine({"list", "--server", "host:2"}, environment)->global.server, "host:2");
}

TEST(ParseCommandLine, KnowsTheInboxOfTheDefaultServerOnly) {
  const auto inbox = [](const std::vector<std::string>& arguments, const Environment& environment) {
    return ParseCommandLine(arguments, environment)->global.inbox;
  };
  const Environment elsewhere{.server = "host:1", .inbox = "", .no_color = ""};
  const Environment both{.server = "host:1", .inbox = "host:2", .no_color = ""};
  EXPECT_EQ(inbox({"quarantine"}, {}), "127.0.0.1:50052");
  EXPECT_EQ(inbox({"quarantine"}, elsewhere), "");
  EXPECT_EQ(inbox({"quarantine", "--server", "host:1"}, {}), "");
  EXPECT_EQ(inbox({"quarantine"}, both), "host:2");
  EXPECT_EQ(inbox({"quarantine", "--inbox", "host:3"}, both), "host:3");
}

TEST(ParseCommandLine, RefusesAddressesThatGrpcMisunderstands) {
  for (const std::string address :
       {"localhost", "10.0.0.1", "[::1]", "host:", "host:0", "host:65536", "host:http", "::1",
        ":50051", "host:+80", "host: 80", ""}) {
    EXPECT_THAT(ErrorOf({"list", "--server", address}), HasSubstr("host:port")) << address;
    if (address.empty()) continue;
    EXPECT_THAT(ErrorOf({"quarantine", "--inbox", address}), HasSubstr("--inbox")) << address;
  }
  EXPECT_THAT(ErrorOf({"list", "--server", "http://host:1"}), HasSubstr("without \"http://\""));
  EXPECT_THAT(ErrorOf({"list", "--server", "https://host"}), HasSubstr("web address"));
  for (const std::string address :
       {"host:1", "[::1]:50051", "unix:/a", "dns:///host:1", "dns:host:1", "ipv4:127.0.0.1:1"}) {
    EXPECT_TRUE(ParseCommandLine({"list", "--server", address}, {}).ok()) << address;
  }
}

TEST(ParseCommandLine, RefusesWhatItDoesNotKnowAndSaysWhatWasMeant) {
  EXPECT_THAT(ErrorOf({"wtach"}), HasSubstr("did you mean \"watch\""));
  EXPECT_THAT(ErrorOf({"start", "--calle", "1"}), HasSubstr("--call"));
  EXPECT_THAT(ErrorOf({"get", "s_1", "--reason", "x"}), HasSubstr("--reason"));
  EXPECT_THAT(ErrorOf({}), HasSubstr("which command?"));
  EXPECT_THAT(ErrorOf({"--server"}), HasSubstr("--server: needs a value; write --server=ADDRESS"));
  EXPECT_THAT(ErrorOf({"--inbox=a:1", "status"}), HasSubstr("--inbox: belongs to the command"));
}

TEST(ParseCommandLine, WantsAnIdWhereOneIsNeededAndNoMore) {
  EXPECT_THAT(ErrorOf({"get"}), HasSubstr("which session?"));
  EXPECT_THAT(ErrorOf({"end"}), HasSubstr("which session?"));
  EXPECT_THAT(ErrorOf({"get", "a", "b"}), HasSubstr("\"b\" is one word too many"));
  EXPECT_THAT(ErrorOf({"list", "a"}), HasSubstr("\"a\" is one word too many"));
  EXPECT_TRUE(ParseCommandLine({"watch"}, {}).ok());
  EXPECT_TRUE(ParseCommandLine({"watch", "s_1"}, {}).ok());
}

TEST(ParseCommandLine, DoesNotRepeatANumberInAnError) {
  EXPECT_EQ(ErrorOf({"list", "+442079460000"}).find("+442079460000"), std::string::npos);
}

TEST(ParseCommandLine, TakesCertificateAndKeyTogether) {
  EXPECT_THAT(ErrorOf({"list", "--cert", "a.pem"}), HasSubstr("both or neither"));
}

TEST(ParseCommandLine, ExplainsACommandWhereverHelpStands) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"start", "--help"}, {"--help", "start"}, {"help", "start"}, {"start", "-h"}}) {
    const auto line = ParseCommandLine(arguments, {});
    ASSERT_TRUE(line.ok()) << line.status();
    EXPECT_EQ(line->command, "help");
    EXPECT_THAT(line->arguments.words(), ElementsAre("start"));
  }
  EXPECT_EQ(ParseCommandLine({"--help"}, {})->command, "help");
  EXPECT_THAT(ErrorOf({"help", "stat"}), HasSubstr("did you mean \"start\""));
}

TEST(ParseCommandLine, TakesTheNameOfACommandForAWordBehindAnother) {
  const auto line = ParseCommandLine({"end", "start", "--reason=list"}, {});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->command, "end");
  EXPECT_THAT(line->arguments.words(), ElementsAre("start"));
  EXPECT_EQ(line->arguments.Value("reason"), "list");
}

TEST(ParseCommandLine, WantsTheCommandBeforeItsWords) {
  EXPECT_THAT(ErrorOf({"s_1", "end"}), HasSubstr("\"s_1\": no such command"));
}

TEST(ParseCommandLine, WantsAShellToCompleteIn) {
  EXPECT_THAT(ErrorOf({"completion"}), HasSubstr("which shell?"));
}

TEST(ParseDuration, WantsAUnit) {
  EXPECT_EQ(*ParseDuration("ring", "1m30s"), std::chrono::seconds(90));
  EXPECT_EQ(*ParseDuration("ring", "500ms"), std::chrono::milliseconds(500));
  for (const char* text : {"", "30", "-1s", "0s", "inf", "soon"}) {
    const auto duration = ParseDuration("ring", text);
    ASSERT_FALSE(duration.ok()) << text;
    EXPECT_THAT(std::string(duration.status().message()), HasSubstr("--ring"));
  }
}

TEST(ParseLabel, SplitsAtTheFirstEqualsSign) {
  EXPECT_EQ(*ParseLabel("a=b=c"), (std::pair<std::string, std::string>("a", "b=c")));
  EXPECT_EQ(*ParseLabel("a="), (std::pair<std::string, std::string>("a", "")));
  EXPECT_FALSE(ParseLabel("a").ok());
  EXPECT_FALSE(ParseLabel("=b").ok());
}

TEST(UseColour, OnlyOnATerminalThatWantsIt) {
  EXPECT_TRUE(UseColour(true, {}));
  EXPECT_FALSE(UseColour(false, {}));
  EXPECT_FALSE(UseColour(true, {.server = "", .inbox = "", .no_color = "1"}));
}

TEST(Usage, NamesEveryCommandWithItsFlagsAndAnExample) {
  const std::string all = UsageText();
  for (const CommandUsage& command : Commands()) {
    EXPECT_THAT(all, HasSubstr("  " + command.name));
    const std::string text = UsageText(command);
    EXPECT_THAT(text, HasSubstr("callbridge " + command.name));
    for (const base::Flag& flag : command.flags) EXPECT_THAT(text, HasSubstr("--" + flag.name));
    EXPECT_THAT(command.examples, HasSubstr("callbridge " + command.name));
  }
}

}  // namespace
}  // namespace callbridge::cli
