// The command line, and the header that authenticates a webhook.
#include "tests/simulator/options.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/settings/folder.h"

namespace callbridge::simulator {
namespace {

TEST(Options, ReadsBothForms) {
  const auto options = ParseOptions({"--listen",
                                     "127.0.0.1:8080",
                                     "--speed=20",
                                     "--switch",
                                     "custom-data=replace",
                                     "--fault=drop=0.5",
                                     "--delay",
                                     "answer=1s",
                                     "--person",
                                     "447700900456=busy",
                                     "--webhook-url=http://127.0.0.1:8081/infobip/events",
                                     "--webhook-basic",
                                     "user:password",
                                     "--configuration",
                                     "one",
                                     "--configuration",
                                     "two",
                                     "--webhook-repeats",
                                     "0",
                                     "--number",
                                     "442079460099",
                                     "--scope",
                                     "calls:manage",
                                     "--scope",
                                     "numbers:manage"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->listen_port, 8080);
  EXPECT_EQ(options->settings.speed, 20);
  EXPECT_EQ(options->settings.switches.custom_data, CustomData::kReplace);
  EXPECT_EQ(options->settings.faults.drop, 0.5);
  EXPECT_EQ(options->settings.delays.answer, base::Duration(std::chrono::seconds(1)));
  EXPECT_EQ(options->settings.people.Find("447700900456").error, "BUSY");
  EXPECT_EQ(options->webhook.port, "8081");
  EXPECT_EQ(options->webhook.path, "/infobip/events");
  EXPECT_EQ(options->webhook.schedule.repeats, 0);
  EXPECT_EQ(options->settings.configurations, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(options->settings.numbers, (std::vector<std::string>{"442079460099"}));
  EXPECT_EQ(options->settings.scopes, (std::vector<std::string>{"calls:manage", "numbers:manage"}));
  EXPECT_EQ(ParseOptions({})->settings.numbers.size(), 4u);
}

// A provider's ids never repeat, not even after a restart of the program that plays it.
TEST(Options, DrawsAnotherSeedEachTimeUnlessOneIsGiven) {
  const auto one = ParseOptions({});
  const auto other = ParseOptions({});
  const auto given = ParseOptions({"--seed", "7"});
  ASSERT_TRUE(one.ok() && other.ok() && given.ok());
  EXPECT_NE(one->settings.seed, other->settings.seed);
  EXPECT_EQ(given->settings.seed, 7U);
}

TEST(Options, SetTheClockOfTheProviderAheadOrBack) {
  EXPECT_EQ(ParseOptions({})->clock_ahead, base::Duration::zero());
  EXPECT_EQ(ParseOptions({"--clock-ahead", "5m"})->clock_ahead, std::chrono::minutes(5));
  EXPECT_EQ(ParseOptions({"--clock-ahead=-90s"})->clock_ahead, -std::chrono::seconds(90));
  EXPECT_FALSE(ParseOptions({"--clock-ahead", "-"}).ok());
}

TEST(Options, RefusesWhatItDoesNotUnderstand) {
  const std::vector<std::vector<std::string>> wrong{
      {"--unknown", "1"},
      {"--listen"},
      {"--listen", "here"},
      {"--listen", "127.0.0.1:70000"},
      {"--listen", "0.0.0.0:80"},
      {"--webhook-url", "https://127.0.0.1/"},
      {"--webhook-url", "http://192.0.2.1/"},
      {"--switch", "custom-data"},
      {"--switch", "custom-data=both"},
      {"--fault", "nothing=1"},
      {"--person", "447700900456=sleeps"},
      {"--webhook-url", "http://127.0.0.1/", "--webhook-receive-path", "receive"},
      {"--webhook-receive-path", "/receive"},
      {"--webhook-schedule", "daily"},
      {"--webhook-schedule-speed", "0"},
      {"--speed", "0"},
      {"--api-key", ""},
      {"--api-key", "@/no/such/file"},
      {"--webhook-basic", "a:b", "--webhook-hmac-secret", "c"},
      {"--webhook-hmac-secret", "c", "--webhook-hmac-algorithm", "HMAC_MD5"},
  };
  for (const auto& arguments : wrong) {
    EXPECT_FALSE(ParseOptions(arguments).ok()) << arguments.front();
  }
  EXPECT_TRUE(ParseOptions({"--listen", "0.0.0.0:80", "--allow-remote"}).ok());
}

TEST(Options, ReadsSecretsAndPeopleFromFiles) {
  const settings::Folder folder;
  const std::string key = folder.Write("key", "from-file\n");
  const std::string people = folder.Write("people.yaml",
                                          "447700900456: answers:3,hangs-up:20\n"
                                          "\"*77\": busy\n"
                                          "default: never-answers\n");
  const auto options = ParseOptions({"--api-key", "@" + key, "--people", people});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->settings.api_key, "from-file");
  EXPECT_EQ(options->settings.people.Find("1177").error, "BUSY");
  EXPECT_EQ(options->settings.people.Find("447700900456").hangs_up,
            base::Duration(std::chrono::seconds(20)));
  EXPECT_EQ(options->settings.people.Find("1").reaction, Script::Reaction::kNeverAnswers);
}

TEST(Options, HelpNamesEverySwitchFaultAndDelay) {
  const std::string help = DescribeOptions();
  for (const auto& row : SwitchRows()) EXPECT_NE(help.find(row.name + "="), std::string::npos);
  for (const auto& row : FaultRows()) EXPECT_NE(help.find(row.name + "="), std::string::npos);
  for (const auto& row : DelayRows()) EXPECT_NE(help.find(row.name + "="), std::string::npos);
}

TEST(Options, TheManualNamesEverySwitchFaultAndDelay) {
  std::ifstream file(std::string(CALLBRIDGE_SOURCE_DIR) + "/docs/simulator.md");
  const std::string manual((std::istreambuf_iterator<char>(file)), {});
  for (const auto& row : SwitchRows()) {
    EXPECT_NE(manual.find("`" + row.name + "`"), std::string::npos) << row.name;
  }
  for (const auto& row : FaultRows()) {
    EXPECT_NE(manual.find("`" + row.name + "`"), std::string::npos) << row.name;
  }
  for (const auto& row : DelayRows()) {
    EXPECT_NE(manual.find("`" + row.name + "`"), std::string::npos) << row.name;
  }
}

TEST(Options, ChooseTheScheduleOfRepeats) {
  const auto options =
      ParseOptions({"--webhook-schedule", "infobip-push", "--webhook-schedule-speed", "60"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(PauseBeforeRepeat(options->webhook.schedule, 1),
            base::Duration(std::chrono::seconds(1)));
  EXPECT_EQ(PauseBeforeRepeat(options->webhook.schedule, 3),
            base::Duration(std::chrono::seconds(5)));
}

TEST(WebhookSchedule, RepeatsAFixedNumberOfTimes) {
  const WebhookSchedule schedule{.repeats = 2, .repeat_after = std::chrono::seconds(3)};
  EXPECT_EQ(PauseBeforeRepeat(schedule, 1), base::Duration(std::chrono::seconds(3)));
  EXPECT_EQ(PauseBeforeRepeat(schedule, 2), base::Duration(std::chrono::seconds(3)));
  EXPECT_EQ(PauseBeforeRepeat(schedule, 3), std::nullopt);
}

// docs/provider.md §7.4.
TEST(WebhookSchedule, OfTheProviderEndsAfterFortyOneAndAHalfHours) {
  const WebhookSchedule schedule{.kind = WebhookSchedule::Kind::kInfobipPush};
  EXPECT_EQ(PauseBeforeRepeat(schedule, 1), base::Duration(std::chrono::minutes(1)));
  EXPECT_EQ(PauseBeforeRepeat(schedule, 2), base::Duration(std::chrono::minutes(2)));
  EXPECT_EQ(PauseBeforeRepeat(schedule, 20), base::Duration(std::chrono::minutes(362)));
  base::Duration after{};
  int posts = 1;
  while (const auto pause = PauseBeforeRepeat(schedule, posts)) {
    after += *pause;
    ++posts;
  }
  EXPECT_EQ(posts, 21);
  EXPECT_EQ(after, base::Duration(std::chrono::minutes(41 * 60 + 30)));
}

TEST(WebhookSignature, IsTheKnownOneForKnownBytes) {
  // RFC 4231, test case 2.
  WebhookAuthentication authentication;
  authentication.hmac_secret = "Jefe";
  const auto header = SignWebhook(authentication, "what do ya want for nothing?");
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->first, "X-Ib-Hmac-Signature");
  EXPECT_EQ(header->second,
            "SHA256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  authentication.hmac_encoding = "base64";
  authentication.hmac_prefix = "";
  EXPECT_EQ(SignWebhook(authentication, "what do ya want for nothing?")->second,
            "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
}

TEST(WebhookSignature, IsBasicIfSoConfiguredAndNothingByDefault) {
  WebhookAuthentication authentication;
  EXPECT_EQ(SignWebhook(authentication, "x")->first, "");
  authentication.basic = "user:password";
  EXPECT_EQ(SignWebhook(authentication, "x")->second, "Basic dXNlcjpwYXNzd29yZA==");
}

}  // namespace
}  // namespace callbridge::simulator
