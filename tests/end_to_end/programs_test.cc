// What all of our programs say of themselves, and of a flag with a slip in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/wait.h>

#include <array>
#include <cstddef>
#include <string>

namespace callbridge::end_to_end {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

struct Answer {
  int exit = -1;
  std::string text;
};

Answer Ask(const std::string& program, const std::string& arguments) {
  const std::string line =
      std::string(CALLBRIDGE_BINARY_DIR) + "/" + program + " " + arguments + " 2>&1";
  FILE* process = popen(line.c_str(), "r");
  Answer answer;
  std::array<char, 4096> buffer;
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), process)) {
    answer.text.append(buffer.data(), count);
  }
  const int status = pclose(process);
  answer.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return answer;
}

TEST(EveryProgram, TellsItsVersionAndItsFlags) {
  for (const std::string program :
       {"callbridge-server", "callbridge-webhook", "callbridge", "callbridge-admin",
        "infobip-simulator", "callbridge-simulation", "callbridge-compare"}) {
    const Answer version = Ask(program, "--version");
    EXPECT_EQ(version.exit, 0) << version.text;
    EXPECT_THAT(version.text, StartsWith(program + " 0."));
    const Answer help = Ask(program, "--help");
    EXPECT_EQ(help.exit, 0) << help.text;
    EXPECT_THAT(help.text, AllOf(HasSubstr(program), HasSubstr("--version")));
  }
}

TEST(EveryProgram, SaysWhichFlagWasMeant) {
  for (const std::string arguments :
       {"callbridge-server --confg x", "callbridge-webhook --port-fil x",
        "callbridge list --limt 1", "callbridge-admin doctor --jsn", "infobip-simulator --sped 2",
        "callbridge-simulation --seds 1", "callbridge-compare --sed 1"}) {
    const std::size_t space = arguments.find(' ');
    const Answer answer = Ask(arguments.substr(0, space), arguments.substr(space + 1));
    EXPECT_THAT(answer.exit, testing::AnyOf(1, 2)) << arguments;
    EXPECT_THAT(answer.text, HasSubstr("unknown flag; did you mean --")) << arguments;
  }
}

}  // namespace
}  // namespace callbridge::end_to_end
