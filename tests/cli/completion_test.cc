// What the shells are told to complete.
#include "client/cli/completion.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdio.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <fstream>
#include <string>
#include <vector>

#include "client/cli/usage.h"

namespace callbridge::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// What bash would offer for the last of the words.
std::vector<std::string> Completed(const std::vector<std::string>& words) {
  // Of this process: tests run side by side.
  const std::string script =
      absl::StrCat(testing::TempDir(), "/callbridge-completion-", getpid(), ".bash");
  std::ofstream(script) << BashCompletion() << "COMP_WORDS=('" << absl::StrJoin(words, "' '")
                        << "')\nCOMP_CWORD=" << words.size() - 1
                        << "\n_callbridge\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
  FILE* shell = popen(("bash --norc " + script + " 2>&1").c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer;
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), shell)) {
    output.append(buffer.data(), count);
  }
  EXPECT_EQ(pclose(shell), 0) << output;
  return absl::StrSplit(output, '\n', absl::SkipEmpty());
}

TEST(BashCompletion, OffersCommandsAndTheFlagsOfTheOneThatIsWritten) {
  EXPECT_THAT(Completed({"callbridge", "st"}), ElementsAre("start", "stop-sounds", "status"));
  EXPECT_THAT(Completed({"callbridge", "start", "--calle"}),
              ElementsAre("--caller", "--callee", "--caller-sees", "--callee-sees"));
  EXPECT_THAT(Completed({"callbridge", "--json", "end", "--re"}), ElementsAre("--reason"));
  EXPECT_THAT(Completed({"callbridge", "get", "--re"}), IsEmpty());
  EXPECT_THAT(Completed({"callbridge", "list", "--t"}), ElementsAre("--timeout"));
  EXPECT_THAT(Completed({"callbridge", "quarantine", "d"}), ElementsAre("dismiss"));
}

TEST(BashCompletion, OffersTheValuesThatAreKnown) {
  EXPECT_THAT(Completed({"callbridge", "list", "--state", "RI"}), ElementsAre("RINGING"));
  EXPECT_THAT(Completed({"callbridge", "list", "--result", "COM"}), ElementsAre("COMPLETED"));
  EXPECT_THAT(Completed({"callbridge", "list", "--ca", "/et"}), ElementsAre("/etc"));
  EXPECT_THAT(Completed({"callbridge", "end", "--reason", "s"}), IsEmpty());
}

TEST(BashCompletion, KnowsEveryFlagOfEveryCommand) {
  for (const CommandUsage& command : Commands()) {
    const auto offered = Completed({"callbridge", command.name, ""});
    for (const auto& flags : {command.flags, GlobalFlags()}) {
      for (const base::Flag& flag : flags) EXPECT_THAT(offered, Contains("--" + flag.name));
    }
  }
}

TEST(ZshCompletion, OffersTheSame) {
  const std::string script = ZshCompletion();
  EXPECT_THAT(script, AllOf(HasSubstr("#compdef callbridge\n"), Not(HasSubstr("compgen"))));
  for (const CommandUsage& command : Commands()) {
    EXPECT_THAT(script, HasSubstr("    " + command.name + ") compadd -- "));
    for (const base::Flag& flag : command.flags) EXPECT_THAT(script, HasSubstr("--" + flag.name));
  }
}

}  // namespace
}  // namespace callbridge::cli
