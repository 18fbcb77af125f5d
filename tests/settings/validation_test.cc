// What a whole file is refused for, in the words and at the place that its author sees.
#include "server/settings/validation.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "server/base/time.h"
#include "server/settings/effective.h"
#include "server/settings/print.h"
#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// kGoodYaml has 16 lines: what is appended begins in line 17.
std::string ProblemsWith(const std::string& appended) { return ProblemsOf(kGoodYaml + appended); }

TEST(ParseSettings, FillsInEveryDefault) {
  const Settings settings = MustParse(kGoodYaml);
  EXPECT_EQ(settings.grpc().listen(), "127.0.0.1:50051");
  EXPECT_EQ(settings.inbox().listen(), "127.0.0.1:50052");
  EXPECT_EQ(settings.webhook().listen(), "127.0.0.1:8081");
  EXPECT_EQ(settings.webhook().path(), "/infobip/events");
  EXPECT_EQ(settings.unrouted(), Settings::UNROUTED_IGNORE);
  EXPECT_EQ(settings.limits().sessions_max(), 10'000);
  EXPECT_EQ(settings.limits().free_disk_bytes_min(), 268'435'456);
  EXPECT_EQ(settings.log().level(), "info");
  EXPECT_EQ(settings.retention().seconds(), 720 * 3600);
  EXPECT_EQ(settings.sweep().interval().seconds(), 300);
  EXPECT_EQ(settings.sweep().minimum_age().seconds(), 600);
  EXPECT_FALSE(settings.sweep().dry_run());
  EXPECT_THAT(settings.accounts().at("default").allowed_hosts(),
              ElementsAre("127.0.0.1:8090", ".api.infobip.com"));
  EXPECT_EQ(settings.accounts().at("default").rates().dial(), 6);
  EXPECT_EQ(settings.routes(0).callees(0).endpoint().phone().number(), "+447700900456");
  EXPECT_EQ(settings.routes(0).plan_name(), "default");
  EXPECT_TRUE(settings.plans().at("default").has_apology());
}

TEST(ParseSettings, FillsInEveryDeadline) {
  const Settings settings = MustParse(kGoodYaml);
  const auto& reflection = *settings.timing().GetReflection();
  const auto& descriptor = *settings.timing().GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const auto* field = descriptor.field(i);
    EXPECT_TRUE(field->is_repeated() ? reflection.FieldSize(settings.timing(), field) > 0
                                     : reflection.HasField(settings.timing(), field))
        << field->name();
  }
}

TEST(ParseSettings, ReplacesADefaultDurationOrListWhole) {
  const Settings settings = MustParse(std::string(kGoodYaml) +
                                      "timing: {media_end: 2s, ending_looks: [1s]}\n"
                                      "retention: 1500ms5m\n");
  EXPECT_EQ(base::FromProtoDuration(settings.timing().media_end()), std::chrono::seconds(2));
  EXPECT_EQ(settings.timing().ending_looks_size(), 1);
  EXPECT_EQ(base::FromProtoDuration(settings.retention()), std::chrono::milliseconds(301'500));
}

TEST(ParseSettings, TakesASweepThatOnlyTells) {
  const Settings settings =
      MustParse(std::string(kGoodYaml) + "sweep: {interval: 1500ms, dry_run: true}\n");
  EXPECT_EQ(base::FromProtoDuration(settings.sweep().interval()), std::chrono::milliseconds(1500));
  EXPECT_EQ(settings.sweep().minimum_age().seconds(), 600) << "what is left out has its default";
  EXPECT_TRUE(settings.sweep().dry_run());
}

TEST(ParseSettings, RefusesASweepOutOfRange) {
  const std::string problems = ProblemsWith("sweep:\n  interval: 500ms\n  minimum_age: 25h\n");
  EXPECT_THAT(problems, HasSubstr("settings.yaml:18:3: sweep.interval: must be 1s to 24h"));
  EXPECT_THAT(problems, HasSubstr("settings.yaml:19:3: sweep.minimum_age: must be 1s to 24h"));
}

TEST(ParseSettings, PrintsWhatItReadsBackAsTheSame) {
  const Settings settings = MustParse(kGoodYaml);
  const Settings again = MustParse(PrintYaml(settings));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(settings, again))
      << PrintYaml(settings);
}

TEST(EffectiveSettings, ChangeNothingMoreTheSecondTime) {
  const Settings settings = MustParse(kGoodYaml);
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(settings, EffectiveSettings(settings)));
}

TEST(ParseSettings, SaysWhereAndWhichKeyWasMeant) {
  EXPECT_THAT(ProblemsOf(GoodYamlWith("callees:", "calees:")),
              HasSubstr("settings.yaml:15:5: routes[0].calees: unknown key; did you mean "
                        "\"callees\"?"));
}

TEST(ParseSettings, ReportsAllProblemsByLine) {
  const std::string problems = ProblemsOf("retention: 1s\nservice_id: \"a b\"\nfoo: 1\n");
  EXPECT_THAT(
      problems,
      StartsWith("settings.yaml:1:1: accounts.default: required: the account at the provider\n"
                 "settings.yaml:1:1: retention: must be 60s to 87600h"));
  EXPECT_THAT(problems, HasSubstr("\nsettings.yaml:2:1: service_id: must be 1 to 32 of "));
  EXPECT_THAT(problems, HasSubstr("\nsettings.yaml:3:1: foo: unknown key; known here: "));
  EXPECT_THAT(problems, HasSubstr("store: needs sqlite or memory"));
  EXPECT_THAT(problems, HasSubstr("webhook: needs basic or hmac"));
}

TEST(ParseSettings, DoesNotCallAValueMissingThatCouldNotBeRead) {
  EXPECT_EQ(ProblemsOf(GoodYamlWith("service_id: test", "service_id: [a]")),
            "settings.yaml:1:1: service_id: must be a single value");
}

TEST(ParseSettings, WantsProtectionBeyondThisMachine) {
  EXPECT_EQ(ProblemsWith("grpc: {listen: \"0.0.0.0:50051\"}"),
            "settings.yaml:17:8: grpc.listen: is plain text beyond this machine; listen on "
            "127.0.0.1 or unix:, set grpc.tls, or say in grpc.protected_by what protects the port");
  EXPECT_THAT(ProblemsWith("inbox: {listen: \"10.0.0.1:50052\"}"),
              HasSubstr("or say in inbox.protected_by"));
  EXPECT_THAT(ProblemsWith("grpc: {listen: \"0.0.0.0:50051\", protected_by: yes}"),
              HasSubstr("grpc.protected_by: must say in words"));
  MustParse(std::string(kGoodYaml) +
            "grpc: {listen: \"0.0.0.0:50051\", protected_by: mesh sidecar terminates TLS}");
  MustParse(std::string(kGoodYaml) +
            "grpc: {listen: \"0.0.0.0:1\", tls: {certificate_file: a, key_file: b, "
            "client_ca_file: c}}");
  MustParse(std::string(kGoodYaml) + "grpc: {listen: \"unix:/run/api.sock\"}");
}

TEST(ParseSettings, WantsWholeTls) {
  const std::string problems = ProblemsWith("grpc: {tls: {certificate_file: a}}");
  EXPECT_THAT(problems, HasSubstr("grpc.tls.key_file: required"));
  EXPECT_THAT(problems, HasSubstr("grpc.tls.client_ca_file: required"));
}

TEST(ParseSettings, KeepsThePortsApart) {
  EXPECT_THAT(ProblemsWith("inbox: {listen: \"127.0.0.1:50051\"}"),
              HasSubstr("17:9: inbox.listen: is the same address as grpc.listen"));
  EXPECT_THAT(ProblemsWith("grpc: {listen: \"localhost:8081\"}"),
              HasSubstr("webhook.listen: is the same address as grpc.listen"));
  MustParse(std::string(kGoodYaml) +
            "grpc: {listen: \"127.0.0.1:0\"}\ninbox: {listen: \"127.0.0.1:50051\"}");
  EXPECT_THAT(ProblemsWith("inbox: {listen: \"127.0.0.1:0\"}"),
              HasSubstr("inbox.listen: must name a port, or the ingress could never find it"));
}

TEST(ParseSettings, RefusesAddressesThatAreNone) {
  EXPECT_THAT(ProblemsWith("grpc: {listen: \"50051\"}"), HasSubstr("grpc.listen: must be "));
  EXPECT_THAT(ProblemsOf(GoodYamlWith("webhook:", "webhook:\n  listen: unix:a\n  path: events")),
              testing::AllOf(HasSubstr("9:3: webhook.listen: must be \"host:port\""),
                             HasSubstr("10:3: webhook.path: must be a path")));
}

TEST(ParseSettings, KeepsWebhooksOffThePathsOfHealth) {
  for (const char* path : {"/livez", "/readyz"}) {
    EXPECT_THAT(ProblemsOf(GoodYamlWith("webhook:", std::string("webhook:\n  path: ") + path)),
                HasSubstr("9:3: webhook.path: is where the ingress answers for its health"));
  }
}

TEST(ParseSettings, FailsClosedOnWebhooksWithoutAuthentication) {
  EXPECT_THAT(ProblemsOf(GoodYamlWith("- {username: infobip, password_file: password}", "[]")),
              HasSubstr("webhook.basic.credentials"));
  EXPECT_THAT(ProblemsOf(GoodYamlWith("username: infobip", "username: \"a:b\"")),
              HasSubstr("webhook.basic.credentials[0].username: must not contain \":\""));
  const std::string basic =
      "  basic:\n    credentials:\n      - {username: infobip, password_file: password}\n";
  EXPECT_THAT(ProblemsOf(GoodYamlWith(basic, "  hmac: {}\n")),
              HasSubstr("webhook.hmac.secret_files: required"));
  EXPECT_THAT(ProblemsOf(GoodYamlWith(basic, "  protected_by: nothing\n")),
              HasSubstr("webhook.protected_by: must say in words"));
  const Settings settings = MustParse(GoodYamlWith(basic, "  hmac: {secret_files: [a]}\n"));
  EXPECT_EQ(settings.webhook().hmac().header(), "X-Ib-Hmac-Signature");
  EXPECT_EQ(settings.webhook().hmac().prefix(), "SHA256=");
  EXPECT_EQ(settings.webhook().hmac().algorithm(),
            config::v1::Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_256);
}

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
  for (const char* host : {".com", ".co.uk", ".infobip.com", ".0.0.1", ".a.b.1", ".", "..a.b.c",
                           ".a..b.c", ".a.b.c:443", "a.b/", "a b", ""}) {
    EXPECT_THAT(ProblemsOf(with_host(host)), HasSubstr("allowed_hosts[0]: must be a host")) << host;
  }
  for (const char* host : {".api.infobip.com", ".a.co.uk", "co.uk", "a.example.com:443",
                           "127.0.0.1:8080", "[::1]:8080"}) {
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

TEST(ParseSettings, LeavesTheHealthPathsToTheIngress) {
  for (const char* path : {"/livez", "/readyz"}) {
    EXPECT_THAT(ProblemsOf(GoodYamlWith("webhook:", std::string("webhook:\n  path: ") + path)),
                HasSubstr("10:3: webhook.path: is where the ingress says how it is"));
  }
  MustParse(GoodYamlWith("webhook:", "webhook:\n  path: /livez/events"));
}

TEST(ParseSettings, GivesEveryAlgorithmItsPrefix) {
  const std::string basic =
      "  basic:\n    credentials:\n      - {username: infobip, password_file: password}\n";
  for (const auto& [algorithm, prefix] :
       std::map<std::string, std::string>{{"hmac_sha_1", "SHA1="},
                                          {"hmac_sha_224", "SHA224="},
                                          {"hmac_sha_256", "SHA256="},
                                          {"hmac_sha_384", "SHA384="},
                                          {"hmac_sha_512", "SHA512="}}) {
    const Settings settings = MustParse(
        GoodYamlWith(basic, "  hmac: {secret_files: [a], algorithm: " + algorithm + "}\n"));
    EXPECT_EQ(settings.webhook().hmac().prefix(), prefix);
  }
}

std::string RouteTo(int number, int callee) {
  return "  - {name: r" + std::to_string(number) + ", number: \"+44207946000" +
         std::to_string(number) + "\", callees: [{endpoint: {phone: {number: \"+44207946000" +
         std::to_string(callee) + "\"}}}]}\n";
}

TEST(ParseSettings, RefusesRoutesThatCallEachOtherInARing) {
  for (const std::vector<int>& ring : {std::vector<int>{3, 4}, {3, 4, 5}, {3, 4, 5, 6}}) {
    std::string yaml = kGoodYaml;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      yaml += RouteTo(ring[i], ring[(i + 1) % ring.size()]);
    }
    const std::string problems = ProblemsOf(yaml);
    for (std::size_t i = 1; i <= ring.size(); ++i) {
      EXPECT_THAT(problems, HasSubstr("routes[" + std::to_string(i) +
                                      "].callees[0].endpoint.phone.number: leads through other "
                                      "routes back to this one"));
    }
  }
}

TEST(ParseSettings, WarnsOfARouteThatCallsAnother) {
  const std::string chain = std::string(kGoodYaml) + RouteTo(3, 4) + RouteTo(4, 9);
  const auto loaded = ParseWithWarnings(chain, "s.yaml");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->warnings,
              testing::Contains(HasSubstr(
                  "routes[1].callees[0].endpoint.phone.number: is the number of another route")));
  // The last leads into a ring of others and is no part of it.
  EXPECT_THAT(ProblemsOf(kGoodYaml + RouteTo(3, 4) + RouteTo(4, 3) + RouteTo(5, 3)),
              testing::Not(HasSubstr("routes[3]")));
}

TEST(ParseSettings, WantsExactlyOneCalleeOrAnOffer) {
  const std::string callees =
      "    callees:\n      - endpoint: {phone: {number: \"447700900456\"}}\n";
  EXPECT_THAT(ProblemsOf(GoodYamlWith(callees, "")),
              HasSubstr("13:5: routes[0].callees: needs exactly one entry"));
  EXPECT_THAT(ProblemsOf(kGoodYaml +
                         std::string("      - endpoint: {phone: {number: \"447700900457\"}}\n")),
              HasSubstr("15:5: routes[0].callees: needs exactly one entry"));
  EXPECT_THAT(ProblemsOf(kGoodYaml + std::string("    offer: true\n    plan_name: default\n")),
              testing::AllOf(HasSubstr("routes[0].callees: has no effect with offer"),
                             HasSubstr("18:5: routes[0].plan_name: has no effect with offer")));
  EXPECT_TRUE(MustParse(GoodYamlWith(callees, "    offer: true\n")).routes(0).offer());
}

TEST(ParseSettings, WantsUniqueNamesAndNumbersOfRoutes) {
  const std::string again = "  - name: support\n    number: \"442079460001\"\n    offer: true\n";
  EXPECT_EQ(ProblemsOf(kGoodYaml + again),
            "settings.yaml:17:5: routes[1].name: is the name of routes[0] too\n"
            "settings.yaml:18:5: routes[1].number: is the number of routes[0] too");
}

TEST(ParseSettings, ChecksNumbersOfRoutesWithoutRepeatingThem) {
  const std::string problems = ProblemsOf(GoodYamlWith("447700900456", "0044770090"));
  EXPECT_THAT(problems, HasSubstr("16:28: routes[0].callees[0].endpoint.phone.number: must be an "
                                  "E.164 number"));
  EXPECT_THAT(problems, testing::Not(HasSubstr("0044770090")));
  EXPECT_THAT(ProblemsOf(GoodYamlWith("447700900456", "442079460001")),
              HasSubstr("is the route's own number"));
}

TEST(ParseSettings, AppliesTheDialingRulesToRoutes) {
  EXPECT_THAT(ProblemsWith("dialing: {allowed_prefixes: [\"1\"]}"),
              HasSubstr("routes[0].callees[0].endpoint.phone.number: must not be called"));
  EXPECT_THAT(ProblemsOf(kGoodYaml + std::string("        caller_id_number: \"+447700900111\"\n")),
              HasSubstr("17:9: routes[0].callees[0].caller_id_number: is not among "
                        "dialing.allowed_numbers"));
  MustParse(kGoodYaml + std::string("        caller_id_number: \"+447700900111\"\n"
                                    "dialing: {allowed_numbers: [\"447700900111\"]}\n"));
}

TEST(ParseSettings, ChecksDialing) {
  const std::string problems = ProblemsWith(
      "dialing: {default_number: x, allowed_numbers: [x], allowed_prefixes: [x], "
      "denied_prefixes: [x]}");
  for (const char* path :
       {"default_number", "allowed_numbers[0]", "allowed_prefixes[0]", "denied_prefixes[0]"}) {
    EXPECT_THAT(problems, HasSubstr("dialing." + std::string(path) + ": must be "));
  }
}

TEST(ParseSettings, ChecksPlansWhereverTheyStand) {
  EXPECT_THAT(ProblemsWith("plans: {vip: {ring_timeout: 61s}, \"a b\": {}}"),
              testing::AllOf(HasSubstr("17:15: plans.vip.ring_timeout: must be 1s to 60s"),
                             HasSubstr("plans.a b: must have a name")));
  EXPECT_THAT(ProblemsOf(kGoodYaml + std::string("    plan: {max_duration: 9s}\n"
                                                 "    plan_name: vpi\n"
                                                 "plans: {vip: {}}\n")),
              testing::AllOf(HasSubstr("17:12: routes[0].plan.max_duration: must be 10s to 8h"),
                             HasSubstr("18:5: routes[0].plan_name: the settings have no plan "
                                       "\"vpi\"; did you mean \"vip\"?")));
}

TEST(ParseSettings, ChecksDeadlines) {
  EXPECT_THAT(ProblemsWith("timing: {offer: 21s}"),
              HasSubstr("17:10: timing.offer: must be 1s to 20s"));
  EXPECT_THAT(ProblemsWith("timing: {answer_look: 20s}"),
              HasSubstr("timing.answer_verdict: must be longer than answer_look"));
  EXPECT_THAT(ProblemsWith("timing: {ending_looks: [2s, 2s]}"),
              HasSubstr("timing.ending_looks[1]: must be longer than the one before it"));
  EXPECT_THAT(ProblemsWith("timing: {ending_looks: [40s]}"),
              HasSubstr("timing.ending_verdict: must be longer than the last of ending_looks"));
  EXPECT_THAT(ProblemsWith("timing: {media_end: 11m}"), HasSubstr("must be 1ms to 10m"));
}

TEST(ParseSettings, ChecksLimitsAndLog) {
  const std::string problems =
      ProblemsWith("limits: {sessions_max: -1, streams_max: 1000000}\nlog: {level: loud}\n");
  EXPECT_THAT(problems, HasSubstr("limits.sessions_max: must be 1 to 1000000"));
  EXPECT_THAT(problems, HasSubstr("limits.streams_max: must be 1 to 100000"));
  EXPECT_THAT(problems, HasSubstr("log.level: must be debug, info, warning or error"));
}

TEST(ParseWithWarnings, WarnsWithThePlace) {
  const auto loaded = ParseWithWarnings(
      std::string(kGoodYaml) + "plans: {a: {voice: {language: tlh}}}\n", "s.yaml");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->warnings,
              ElementsAre(HasSubstr("dialing.allowed_prefixes: is empty"),
                          "s.yaml:2:9: store.memory: forgets every session when the process ends",
                          "s.yaml:17:21: plans.a.voice.language: is not among the languages known "
                          "to be spoken"));
}

}  // namespace
}  // namespace callbridge::settings
