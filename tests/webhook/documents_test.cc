// What docs/operations.md tells operators to subscribe to, against what is read here.
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "server/provider/event_decoding.h"
#include "webhook/translate.h"

namespace callbridge::webhook {
namespace {

using internal::v1::ProviderEvent;

// The words of the indented lines below the sentence that introduces them.
std::set<std::string> Subscribed() {
  std::ifstream file(std::filesystem::path(CALLBRIDGE_SOURCE_DIR) / "docs/operations.md");
  std::string line;
  while (std::getline(file, line) && line.find("names these events and no others:") == line.npos) {
  }
  while (std::getline(file, line) && !line.starts_with("    ")) {
  }
  std::set<std::string> words;
  for (; file && line.starts_with("    "); std::getline(file, line)) {
    for (const auto& word : absl::StrSplit(line, ' ', absl::SkipEmpty())) {
      words.insert(std::string(word));
    }
  }
  return words;
}

TEST(Documents, NameExactlyTheEventsThatAreUsed) {
  const std::set<std::string> words = Subscribed();
  const auto used = provider::UsedEventTypes();
  EXPECT_EQ(words, std::set<std::string>(used.begin(), used.end()));
  std::set<int> types;
  for (const std::string& word : words) {
    const auto items = Translate(R"({"type":")" + word + R"(","callId":"c1"})", base::Time{});
    ASSERT_TRUE(items.ok());
    EXPECT_NE((*items)[0].event().type(), ProviderEvent::TYPE_OTHER) << word;
    types.insert((*items)[0].event().type());
  }
  EXPECT_EQ(types.size(), words.size());
  for (int type = ProviderEvent::Type_MIN; type <= ProviderEvent::Type_MAX; ++type) {
    if (!ProviderEvent::Type_IsValid(type) || type == ProviderEvent::TYPE_UNSPECIFIED ||
        type == ProviderEvent::TYPE_OTHER) {
      continue;
    }
    EXPECT_EQ(types.count(type), 1u)
        << ProviderEvent::Type_Name(static_cast<ProviderEvent::Type>(type));
  }
}

}  // namespace
}  // namespace callbridge::webhook
