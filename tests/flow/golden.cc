#include "tests/flow/golden.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "tests/rewrites.h"

namespace callbridge::flow {
namespace {

std::string PathOf(const std::string& name) {
  return absl::StrCat(CALLBRIDGE_SOURCE_DIR "/tests/", name);
}

// The files are long: of the difference only its beginning is of use.
std::string Difference(const std::string& expected, const std::string& actual) {
  const std::vector<std::string> before = absl::StrSplit(expected, '\n');
  const std::vector<std::string> now = absl::StrSplit(actual, '\n');
  const std::size_t common = std::min(before.size(), now.size());
  const auto differs =
      std::mismatch(before.begin(), before.begin() + static_cast<long>(common), now.begin());
  const auto line = static_cast<std::size_t>(differs.first - before.begin());
  return absl::StrCat("line ", line + 1, "\n  was: ", line < before.size() ? before[line] : "(end)",
                      "\n  now: ", line < now.size() ? now[line] : "(end)");
}

}  // namespace

std::string ReadGolden(const std::string& name) {
  std::ifstream file(PathOf(name));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void ExpectGolden(const std::string& name, const std::string& actual) {
  if (RewritesGoldens()) {
    std::filesystem::create_directories(std::filesystem::path(PathOf(name)).parent_path());
    std::ofstream(PathOf(name)) << actual;
    return;
  }
  const std::string expected = ReadGolden(name);
  EXPECT_TRUE(actual == expected) << "tests/" << name << " " << Difference(expected, actual)
                                  << "\nIf that is meant, CALLBRIDGE_REWRITE=1 writes it anew.";
}

}  // namespace callbridge::flow
