#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "server/provider/account_options.h"
#include "server/provider/base_url.h"

namespace callbridge::provider {
namespace {

TEST(ParseBaseUrl, AcceptsWhatEventsAndSettingsWrite) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"https://xxxxx.api.infobip.com", "https://xxxxx.api.infobip.com"},
      {"https://XXXXX.api.infobip.com/", "https://xxxxx.api.infobip.com"},
      {"xxxxx.api.infobip.com", "https://xxxxx.api.infobip.com"},
      {"xxxxx.api.infobip.com/", "https://xxxxx.api.infobip.com"},
      {"https://xxxxx.api.infobip.com:443", "https://xxxxx.api.infobip.com"},
      {"https://xxxxx.api.infobip.com:8443", "https://xxxxx.api.infobip.com:8443"},
      {"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
      {"127.0.0.1:8080", "http://127.0.0.1:8080"},
      {"http://localhost:9/", "http://localhost:9"},
      {"http://[::1]:8080", "http://[::1]:8080"},
  };
  for (const auto& [text, url] : table) {
    const auto parsed = ParseBaseUrl(text);
    ASSERT_TRUE(parsed.ok()) << text << parsed.status();
    EXPECT_EQ(parsed->url, url) << text;
  }
}

TEST(ParseBaseUrl, RefusesWhatWouldCarryCredentialsElsewhere) {
  for (const char* text :
       {"", "http://api.infobip.com", "http://128.0.0.1", "ftp://127.0.0.1", "https://",
        "https://user@api.infobip.com", "https://api.infobip.com/path",
        "https://api.infobip.com?query", "https://api.infobip.com#fragment", "file:///etc/passwd",
        "http://127.0.0.1.example.com", "http://127.1", "http://0x7f000001", "https://a b"}) {
    EXPECT_EQ(ParseBaseUrl(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(IsAllowed, ComparesExactlyOrBySuffix) {
  const auto allowed = [](const std::string& url, const std::vector<std::string>& hosts) {
    const auto parsed = ParseBaseUrl(url);
    return parsed.ok() && IsAllowed(*parsed, hosts);
  };
  EXPECT_TRUE(allowed("https://api-eu.api.infobip.com", {".api.infobip.com"}));
  // Hosts with a region of their own: docs/provider.md §1.1.
  for (const char* host :
       {"xxxxx.api.infobip.com", "xxxxx.api-us.infobip.com", "api.infobip.com"}) {
    EXPECT_TRUE(allowed(host, {".infobip.com"})) << host;
  }
  for (const char* host : {"infobip.com", "evilinfobip.com", "infobip.com.example.com"}) {
    EXPECT_FALSE(allowed(host, {".infobip.com"})) << host;
  }
  EXPECT_TRUE(allowed("https://API.example.com", {"Api.Example.com"}));
  EXPECT_TRUE(allowed("http://127.0.0.1:8080", {"x", "127.0.0.1:8080"}));
  EXPECT_FALSE(allowed("http://127.0.0.1:8081", {"127.0.0.1:8080"}));
  EXPECT_FALSE(allowed("https://api.infobip.com", {".api.infobip.com"}));
  EXPECT_FALSE(allowed("https://evilapi.infobip.com", {".api.infobip.com"}));
  EXPECT_FALSE(allowed("https://x.api.infobip.com.example.com", {".api.infobip.com"}));
  EXPECT_FALSE(allowed("https://x.api.infobip.com:8443", {".api.infobip.com"}));
  // However the port that https means anyway is written, in the list or in the event.
  EXPECT_TRUE(allowed("https://api.example.com", {"api.example.com:443"}));
  EXPECT_TRUE(allowed("https://api.example.com:443", {"api.example.com"}));
  EXPECT_FALSE(allowed("https://api.example.com", {"api.example.com:80"}));
  EXPECT_FALSE(allowed("https://api.example.com", {"api.example.com/path"}));
  EXPECT_FALSE(allowed("https://api.example.com", {}));
  EXPECT_FALSE(allowed("https://api.example.com", {""}));
}

// A host that is written out allows itself and nothing that ends or begins like it; a suffix allows
// nothing without its dot.
TEST(IsAllowed, TakesAWholeHostForNoSuffix) {
  const auto allowed = [](const std::string& host, const std::string& entry) {
    const auto parsed = ParseBaseUrl("https://" + host);
    return parsed.ok() && IsAllowed(*parsed, {entry});
  };
  const std::string host = "api.example.com";
  EXPECT_TRUE(allowed(host, host));
  EXPECT_TRUE(allowed("x." + host, "." + host));
  for (const std::string& other :
       {"x." + host, "x" + host, "evil-" + host, host + ".x", host + "x", host + ":8443",
        std::string("example.com"), std::string("com")}) {
    EXPECT_FALSE(allowed(other, host)) << other;
    EXPECT_FALSE(allowed(host, other)) << other;
  }
  for (std::size_t i = 0; i < host.size(); ++i) {
    std::string changed = host;
    changed[i] = changed[i] == 'z' ? 'y' : 'z';
    EXPECT_FALSE(allowed(changed, host)) << changed;
    EXPECT_FALSE(allowed(host.substr(i + 1), host)) << i;
    EXPECT_FALSE(allowed("x." + changed, "." + host)) << changed;
  }
  EXPECT_FALSE(allowed(host, "." + host));
  EXPECT_FALSE(allowed("x" + host, "." + host));
}

TEST(MakeAccountOptions, AuthorizesInThreeWays) {
  config::v1::Account account;
  account.set_base_url("https://xxxxx.api.infobip.com");
  account.set_calls_configuration_id("bridge-prod");
  account.set_api_key_file("key");
  EXPECT_EQ(MakeAccountOptions(account, "k123\n")->authorization_header, "App k123");
  account.mutable_basic()->set_username("user");
  EXPECT_EQ(MakeAccountOptions(account, "pass\n")->authorization_header, "Basic dXNlcjpwYXNz");
  account.set_bearer_token_file("token");
  EXPECT_EQ(MakeAccountOptions(account, " t1 ")->authorization_header, "Bearer t1");
}

TEST(MakeAccountOptions, RefusesSecretsThatAreNone) {
  config::v1::Account account;
  EXPECT_FALSE(MakeAccountOptions(account, "secret").ok());
  account.set_api_key_file("key");
  EXPECT_FALSE(MakeAccountOptions(account, " \n").ok());
  EXPECT_FALSE(MakeAccountOptions(account, "a\r\nX-Other: b").ok());
}

TEST(MakeAccountOptions, KeepsThePublishedRatesUnlessToldOtherwise) {
  config::v1::Account account;
  account.set_api_key_file("key");
  account.mutable_rates()->set_dial(2);
  account.set_stop_play_scope(config::v1::Account::STOP_PLAY_SCOPE_BOTH);
  const auto options = MakeAccountOptions(account, "k");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->rates.dial, 2);
  EXPECT_EQ(options->rates.conference, 20);
  EXPECT_EQ(options->rates.other, 100);
  EXPECT_EQ(options->stop_play_scope, StopPlayScope::kBoth);
}

TEST(MakeAccountOptions, CopiesEveryPartOfTheAccount) {
  using config::v1::Account;
  const std::vector<std::pair<Account::StopPlayScope, StopPlayScope>> scopes = {
      {Account::STOP_PLAY_SCOPE_UNSPECIFIED, StopPlayScope::kCall},
      {Account::STOP_PLAY_SCOPE_CALL, StopPlayScope::kCall},
      {Account::STOP_PLAY_SCOPE_CONFERENCE, StopPlayScope::kConference},
      {Account::STOP_PLAY_SCOPE_BOTH, StopPlayScope::kBoth}};
  for (const auto& [written, scope] : scopes) {
    for (int rates = 0; rates < 8; ++rates) {
      Account account;
      account.set_base_url("https://xxxxx.api.infobip.com");
      account.set_calls_configuration_id("bridge-prod");
      account.set_api_key_file("key");
      account.add_allowed_hosts("a.example.com");
      account.add_allowed_hosts(".b.example.com");
      account.set_stop_play_scope(written);
      if ((rates & 1) != 0) account.mutable_rates()->set_dial(1.5);
      if ((rates & 2) != 0) account.mutable_rates()->set_conference(2.5);
      if ((rates & 4) != 0) account.mutable_rates()->set_other(3.5);
      const auto options = MakeAccountOptions(account, "k");
      ASSERT_TRUE(options.ok()) << options.status();
      EXPECT_EQ(options->base_url, account.base_url());
      EXPECT_EQ(options->configuration.id, "bridge-prod");
      EXPECT_THAT(options->allowed_hosts,
                  ::testing::ElementsAre("a.example.com", ".b.example.com"));
      EXPECT_EQ(options->stop_play_scope, scope);
      EXPECT_EQ(options->rates.dial, (rates & 1) != 0 ? 1.5 : 6);
      EXPECT_EQ(options->rates.conference, (rates & 2) != 0 ? 2.5 : 20);
      EXPECT_EQ(options->rates.other, (rates & 4) != 0 ? 3.5 : 100);
    }
  }
}

TEST(MakeAccountOptions, NamesWhatTheFlavourHas) {
  config::v1::Account account;
  account.set_api_key_file("key");
  account.set_calls_configuration_id("shop");
  EXPECT_EQ(MakeAccountOptions(account, "k")->configuration.field, "callsConfigurationId");
  account.mutable_setup()->set_flavour(config::v1::Account::Setup::FLAVOUR_APPLICATIONS);
  EXPECT_EQ(MakeAccountOptions(account, "k")->configuration.field, "applicationId");
  EXPECT_EQ(MakeAccountOptions(account, "k")->configuration.id, "shop");
}

TEST(MakeAccountOptions, RefusesEveryControlByteInASecret) {
  for (int number = 0; number < 256; ++number) {
    const std::string secret = "abc" + std::string(1, static_cast<char>(number)) + "def";
    config::v1::Account account;
    account.set_api_key_file("key");
    const bool printable = number >= 0x20 && number != 0x7F;
    EXPECT_EQ(MakeAccountOptions(account, secret).ok(), printable) << number;
    account.set_bearer_token_file("token");
    EXPECT_EQ(MakeAccountOptions(account, secret).ok(), printable) << number;
  }
}

}  // namespace
}  // namespace callbridge::provider
