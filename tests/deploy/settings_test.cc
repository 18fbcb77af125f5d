// The settings that deploy/ hands to containers are accepted as they stand, but for the folder of the secrets.
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "server/settings/load.h"

namespace callbridge {
namespace {

class DeployedSettings : public testing::Test {
 protected:
  DeployedSettings() {
    std::filesystem::create_directories(secrets_);
    for (const std::string name : {"api-key", "webhook-secret"}) {
      std::ofstream(secrets_ / name) << "a-secret-of-this-test\n";
    }
  }
  ~DeployedSettings() override { std::filesystem::remove_all(secrets_); }

  // The file's text with the secrets of this test in place of the container's.
  std::string Read(const std::string& name, const std::string& secrets_folder) const {
    std::ifstream file(std::string(CALLBRIDGE_SOURCE_DIR) + "/deploy/" + name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return absl::StrReplaceAll(text, {{secrets_folder, secrets_.string() + "/"}});
  }

  const std::filesystem::path secrets_ =
      std::filesystem::path(testing::TempDir()) /
      testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(DeployedSettings, OfComposeAreAccepted) {
  const auto settings = settings::ParseSettings(Read("compose.settings.yaml", "/run/secrets/"),
                                                "compose.settings.yaml");
  ASSERT_TRUE(settings.ok()) << settings.status().message();
  EXPECT_EQ(settings->accounts().at("default").base_url(), "http://127.0.0.1:8090");
}

TEST_F(DeployedSettings, OfKustomizeAreAccepted) {
  const auto settings = settings::ParseSettings(
      Read("kustomize/base/settings.yaml", "/etc/callbridge/secrets/"), "settings.yaml");
  ASSERT_TRUE(settings.ok()) << settings.status().message();
  EXPECT_EQ(settings->inbox().listen(), "unix:/run/callbridge/inbox.sock");
}

}  // namespace
}  // namespace callbridge
