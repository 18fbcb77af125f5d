// What is refused of the account at the provider.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using testing::HasSubstr;

TEST(ParseSettings, ChecksTheAccount) {
  EXPECT_THAT(ProblemsOf(GoodYamlWith("http://127.0.0.1:8090", "http://api.example.com")),
              HasSubstr("5:5: accounts.default.base_url: must be https; http is for loopback"));
  EXPECT_THAT(ProblemsOf(GoodYamlWith("http://127.0.0.1:8090", "https://a.example.com/calls/1")),
              HasSubstr("base_url: must be a URL of scheme and host only"));
  EXPECT_THAT(ProblemsOf(GoodYamlWith("    api_key_file: api-key\n", "")),
              HasSubstr("4:3: accounts.default: needs api_key_file, basic or bearer_token_file"));
  EXPECT_THAT(
      ProblemsOf(GoodYamlWith("api_key_file: api-key", "basic: {username: \"a:b\"}")),
      testing::AllOf(HasSubstr("basic.username: must not"), HasSubstr("basic.password_file: req")));
  EXPECT_THAT(ProblemsOf(GoodYamlWith("    calls_configuration_id: bridge\n", "")),
              HasSubstr("accounts.default.calls_configuration_id: required"));
  EXPECT_THAT(
      ProblemsOf(GoodYamlWith("api_key_file: api-key",
                              "api_key_file: api-key\n    allowed_hosts: [.com, a.b]\n"
                              "    rates: {dial: -1}")),
      testing::AllOf(HasSubstr("7:21: accounts.default.allowed_hosts[0]: must be a host"),
                     HasSubstr("accounts.default.rates.dial: must be 0.1 to 10000 requests")));
  EXPECT_EQ(MustParse(GoodYamlWith("http://127.0.0.1:8090", "https://A.example.com/"))
                .accounts()
                .at("default")
                .base_url(),
            "https://A.example.com");
}

TEST(ParseSettings, BoundsEveryRate) {
  for (const char* name : {"dial", "conference", "other"}) {
    for (const char* rate : {"-1", "1e-14", "0.099", "10001", "1e300", ".nan", ".inf"}) {
      EXPECT_THAT(ProblemsOf(GoodYamlWith("api_key_file: api-key",
                                          std::string("api_key_file: api-key\n    rates: {") +
                                              name + ": " + rate + "}")),
                  HasSubstr(std::string("accounts.default.rates.") + name + ": "))
          << rate;
    }
    for (const char* rate : {"0.1", "6", "10000"}) {
      MustParse(GoodYamlWith(
          "api_key_file: api-key",
          std::string("api_key_file: api-key\n    rates: {") + name + ": " + rate + "}"));
    }
  }
}

TEST(ParseSettings, AllowsNoSuffixThatStrangersShare) {
  const auto with_host = [](const std::string& host) {
    return GoodYamlWith("api_key_file: api-key",
                        "api_key_file: api-key\n    allowed_hosts: [\"" + host + "\"]");
  };
  for (const char* host : {".com", ".co.uk", ".example.com", ".0.0.1", ".a.b.1", ".", "..a.b.c",
                           ".a..b.c", ".a.b.c:443", "a.b/", "a b", ""}) {
    EXPECT_THAT(ProblemsOf(with_host(host)), HasSubstr("allowed_hosts[0]: must be a host")) << host;
  }
  for (const char* host : {".infobip.com", ".api.infobip.com", ".a.co.uk", "co.uk",
                           "a.example.com:443", "127.0.0.1:8080", "[::1]:8080"}) {
    MustParse(with_host(host));
  }
}

TEST(ParseSettings, FillsInTheAuthorityOfTheBaseUrlAsTheClientComparesIt) {
  const auto hosts = [](const std::string& base_url) {
    const Settings settings = MustParse(GoodYamlWith("http://127.0.0.1:8090", base_url));
    return settings.accounts().at("default").allowed_hosts(0);
  };
  EXPECT_EQ(hosts("https://A.example.com:443"), "a.example.com");
  EXPECT_EQ(hosts("https://a.example.com"), "a.example.com");
  EXPECT_EQ(hosts("https://a.example.com:8443/"), "a.example.com:8443");
}

}  // namespace
}  // namespace callbridge::settings
