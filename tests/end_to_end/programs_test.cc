// What all of our programs say of themselves, and of a flag with a slip in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/ask_program.h"

namespace callbridge::end_to_end {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST(EveryProgram, TellsItsVersionAndItsFlags) {
  for (const std::string program :
       {"callbridge-server", "callbridge-webhook", "callbridge", "callbridge-admin",
        "infobip-simulator", "callbridge-simulation", "callbridge-compare"}) {
    const ProgramAnswer version = AskProgram(program, "--version");
    EXPECT_EQ(version.exit, 0) << version.text;
    EXPECT_THAT(version.text, StartsWith(program + " 0."));
    const ProgramAnswer help = AskProgram(program, "--help");
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
    const ProgramAnswer answer =
        AskProgram(arguments.substr(0, space), arguments.substr(space + 1));
    EXPECT_THAT(answer.exit, testing::AnyOf(1, 2, 64)) << arguments;
    EXPECT_THAT(answer.text, HasSubstr("unknown flag; did you mean --")) << arguments;
  }
}

}  // namespace
}  // namespace callbridge::end_to_end
