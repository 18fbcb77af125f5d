// Plays every file of tests/scenarios: its story must come out as it is written there, and its account (account.h) as it is kept.
#include "tests/flow/scenario.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
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

// Blocks are separated by an empty line; a block is comments and inputs, "----", and what is expected.
std::string PlayFile(const std::string& text, Scenario& scenario) {
  std::string result;
  bool input = true;
  std::string output;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    if (line == "----") {
      absl::StrAppend(&result, "----\n", output);
      output.clear();
      input = false;
    } else if (line.empty()) {
      input = true;
      absl::StrAppend(&result, "\n");
    } else if (input) {
      absl::StrAppend(&result, line, "\n");
      if (line[0] != '#') absl::StrAppend(&output, scenario.Play(line));
    }
  }
  while (result.size() > 1 && result[result.size() - 2] == '\n') result.pop_back();
  return result;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, PlaysAsWritten) {
  const std::string file = absl::StrCat(GetParam(), ".txt");
  Scenario scenario;
  ExpectGolden(file, PlayFile(ReadGolden(file), scenario));
  ExpectGolden(absl::StrCat("accounts/", file), scenario.account());
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Golden, testing::ValuesIn(ScenarioFiles()),
                         [](const testing::TestParamInfo<std::string>& file) {
                           std::string name = file.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace callbridge::flow
