// Settings files for tests: one that is good, and ways to spoil it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "server/settings/load.h"

namespace callbridge::settings {

// The least that is good: one account, one route. Line numbers matter to tests: append only.
inline constexpr char kGoodYaml[] = R"(service_id: test
store: {memory: {}}
accounts:
  default:
    base_url: http://127.0.0.1:8090
    api_key_file: api-key
    calls_configuration_id: bridge
webhook:
  basic:
    credentials:
      - {username: infobip, password_file: password}
routes:
  - name: support
    number: "+442079460001"
    callees:
      - endpoint: {phone: {number: "447700900456"}}
)";

// kGoodYaml with the only occurrence of a text replaced.
inline std::string GoodYamlWith(std::string_view from, std::string_view to) {
  std::string yaml = kGoodYaml;
  const std::size_t at = yaml.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  EXPECT_EQ(yaml.find(from, at + 1), std::string::npos) << from;
  return yaml.replace(at, from.size(), to);
}

inline config::v1::Settings MustParse(const std::string& yaml) {
  const auto settings = ParseSettings(yaml, "settings.yaml");
  EXPECT_TRUE(settings.ok()) << settings.status();
  return settings.ok() ? *settings : config::v1::Settings();
}

// The problems of a file that must be refused, a line each.
inline std::string ProblemsOf(const std::string& yaml) {
  const auto settings = ParseSettings(yaml, "settings.yaml");
  EXPECT_FALSE(settings.ok()) << "accepted:\n" << yaml;
  return std::string(settings.status().message());
}

// What is appended begins in line 17.
inline std::string ProblemsWith(const std::string& appended) {
  return ProblemsOf(kGoodYaml + appended);
}

}  // namespace callbridge::settings
