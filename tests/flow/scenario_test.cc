// Plays every file of tests/scenarios: its story must come out as it is written there, and its
// account (account.h) as it is kept.
#include "tests/flow/scenario.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/flow/golden.h"

namespace callbridge::flow {
namespace {

std::vector<std::string> ScenarioFiles() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(CALLBRIDGE_SOURCE_DIR "/tests/scenarios")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path().stem().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A line that begins with "> " is an input, and what comes out is written anew below it. Comments
// and empty lines stay where they are.
std::string PlayFile(const std::string& text, Scenario& scenario) {
  std::string result;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    const bool input = line.starts_with("> ");
    if (!input && !line.empty() && line[0] != '#') continue;
    absl::StrAppend(&result, line, "\n");
    if (!input) continue;
    const std::string output = scenario.Play(line.substr(2));
    for (const auto out : absl::StrSplit(output, '\n', absl::SkipEmpty())) {
      absl::StrAppend(&result, "  ", out, "\n");
    }
  }
  while (result.size() > 1 && result[result.size() - 2] == '\n') result.pop_back();
  return result;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, PlaysAsWritten) {
  const std::string file = absl::StrCat(GetParam(), ".txt");
  const std::string story = absl::StrCat("scenarios/", file);
  Scenario scenario;
  ExpectGolden(story, PlayFile(ReadGolden(story), scenario));
  ExpectGolden(absl::StrCat("flow/accounts/", file), scenario.account());
}

// "* [answered](answered.txt): …" of the index by subject.
TEST(Index, NamesEachStoryOnce) {
  std::multiset<std::string> named;
  const std::string index = ReadGolden("scenarios/README.md");
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(index, '\n'))) {
    if (!line.starts_with("* [")) continue;
    const std::string name = line.substr(3, line.find(']') - 3);
    EXPECT_TRUE(line.substr(3).starts_with(absl::StrCat(name, "](", name, ".txt):"))) << line;
    named.insert(name);
  }
  const std::vector<std::string> files = ScenarioFiles();
  EXPECT_EQ(named, std::multiset<std::string>(files.begin(), files.end()));
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Golden, testing::ValuesIn(ScenarioFiles()),
                         [](const testing::TestParamInfo<std::string>& file) {
                           std::string name = file.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace callbridge::flow
