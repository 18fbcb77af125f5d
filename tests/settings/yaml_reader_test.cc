#include "server/settings/yaml_reader.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/time.h"
#include "server/settings/print.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Each problem as "line:column path: description".
std::vector<std::string> ProblemsIn(std::string_view yaml) {
  Settings settings;
  std::vector<std::string> lines;
  for (const Problem& problem : ReadYaml(yaml, settings).problems) {
    lines.push_back(std::to_string(problem.position.line) + ":" +
                    std::to_string(problem.position.column) + " " + problem.path + ": " +
                    problem.description);
  }
  return lines;
}

Settings Read(std::string_view yaml) {
  Settings settings;
  EXPECT_THAT(ReadYaml(yaml, settings).problems, IsEmpty()) << yaml;
  return settings;
}

TEST(ReadYaml, ReadsEveryKindOfValue) {
  const Settings settings = Read(R"(
service_id: x
webhook: {in_server: true, hmac: {secret_files: [a, b], algorithm: HMAC-SHA-512}}
accounts:
  default: {stop_play_scope: Both, rates: {dial: 2.5}}
limits: {sessions_max: 7, free_disk_bytes_min: 5000000000}
timing: {offer: 1.5s, ending_looks: [500ms, 1s]}
plans: {vip: {voice: {speaking_rate: 0.5}, greeting: {text: "Grüß Gott"}}}
routes: [{name: a, labels: {team: blue}}, {name: b}]
)");
  EXPECT_TRUE(settings.webhook().in_server());
  EXPECT_THAT(settings.webhook().hmac().secret_files(), ElementsAre("a", "b"));
  EXPECT_EQ(settings.webhook().hmac().algorithm(),
            config::v1::Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_512);
  EXPECT_EQ(settings.accounts().at("default").stop_play_scope(),
            config::v1::Account::STOP_PLAY_SCOPE_BOTH);
  EXPECT_EQ(settings.accounts().at("default").rates().dial(), 2.5);
  EXPECT_EQ(settings.limits().sessions_max(), 7);
  EXPECT_EQ(settings.limits().free_disk_bytes_min(), 5'000'000'000);
  EXPECT_EQ(base::FromProtoDuration(settings.timing().offer()), std::chrono::milliseconds(1500));
  EXPECT_EQ(base::FromProtoDuration(settings.timing().ending_looks(0)),
            std::chrono::milliseconds(500));
  EXPECT_EQ(settings.plans().at("vip").greeting().text(), "Grüß Gott");
  EXPECT_EQ(settings.routes(0).labels().at("team"), "blue");
  EXPECT_EQ(settings.routes(1).name(), "b");
}

// The provider's code for Norwegian; a tool that guesses makes it false.
TEST(ReadYaml, TakesNoForNorwegian) {
  EXPECT_EQ(Read("plans: {a: {voice: {language: no}}}").plans().at("a").voice().language(), "no");
}

TEST(ReadYaml, KeepsANumberWithoutQuotesAsItIsWritten) {
  EXPECT_EQ(Read("routes: [{number: +442079460001}]").routes(0).number(), "+442079460001");
}

TEST(ReadYaml, TakesAnEmptyPromptAsPresent) {
  const Settings settings = Read("plans: {quiet: {announcement: {}}}");
  EXPECT_TRUE(settings.plans().at("quiet").has_announcement());
}

TEST(ReadYaml, NamesTheNearestKeyOrAllOfThem) {
  EXPECT_THAT(ProblemsIn("service_id: x\nroutes:\n  - name: a\n    calees: []\n"),
              ElementsAre("4:5 routes[0].calees: unknown key; did you mean \"callees\"?"));
  EXPECT_THAT(ProblemsIn("store: {frobnicate: 1}"),
              ElementsAre("1:9 store.frobnicate: unknown key; known here: sqlite, memory"));
}

TEST(ReadYaml, ReportsEveryProblem) {
  EXPECT_THAT(
      ProblemsIn("retention: soon\n"
                 "limits: {sessions_max: many}\n"
                 "webhook: {in_server: yes}\n"
                 "unrouted: drop\n"
                 "routes: 7\n"
                 "grpc: 7\n"
                 "accounts: {default: {rates: {dial: fast}}}\n"),
      ElementsAre("1:1 retention: \"soon\" is not a duration; write \"8s\", \"500ms\", \"2m\" "
                  "or \"1h\"",
                  "2:10 limits.sessions_max: \"many\" is not a whole number, or is too large",
                  "3:11 webhook.in_server: \"yes\" is neither true nor false",
                  "4:1 unrouted: \"drop\" is not one of: ignore, reject, offer",
                  "5:1 routes: must be a list: one item in each line, after \"- \"",
                  "6:1 grpc: must be a map of keys and values",
                  "7:30 accounts.default.rates.dial: \"fast\" is not a number"));
}

TEST(ReadYaml, RefusesRepeatedKeys) {
  EXPECT_THAT(ProblemsIn("service_id: a\nservice_id: b\n"),
              ElementsAre("2:1 service_id: given twice, first in line 1; leave one out"));
  EXPECT_THAT(ProblemsIn("plans:\n  a: {}\n  a: {}\n"),
              ElementsAre("3:3 plans.a: given twice, first in line 2; leave one out"));
}

TEST(ReadYaml, RefusesTwoMembersOfAOneof) {
  EXPECT_THAT(
      ProblemsIn("store:\n  sqlite: {path: a}\n  memory: {}\n"),
      ElementsAre("3:3 store.memory: excludes \"sqlite\", which is set too; leave one out"));
}

TEST(ReadYaml, RefusesKeysWithoutAValue) {
  EXPECT_THAT(ProblemsIn("grpc:\nservice_id:\nplans: {a: {greeting: {text: }}}\n"),
              ElementsAre("1:1 grpc: has no value; write {} or leave the key out",
                          "2:1 service_id: has no value; leave the key out to get the default",
                          "3:24 plans.a.greeting.text: has no value; leave the key out to get the "
                          "default"));
  EXPECT_THAT(ProblemsIn("store:\n  memory:\n"), IsEmpty());
}

TEST(ReadYaml, RefusesValuesThatWouldSilentlyMeanTheDefault) {
  EXPECT_THAT(ProblemsIn("limits: {sessions_max: 0}\ngrpc: {listen: \"\"}\n"),
              ElementsAre("1:10 limits.sessions_max: must not be 0; leave the key out to get the "
                          "default",
                          "2:8 grpc.listen: must not be empty; leave the key out to get the "
                          "default"));
}

TEST(ReadYaml, RefusesNumbersThatDoNotFit) {
  EXPECT_THAT(ProblemsIn("limits: {sessions_max: 3000000000}"),
              ElementsAre(HasSubstr("not a whole number, or is too large")));
}

TEST(ReadYaml, RefusesWhatIsNoYaml) {
  EXPECT_THAT(ProblemsIn("a: [1, 2\nb: 3"), ElementsAre(HasSubstr("is not YAML: ")));
  EXPECT_THAT(ProblemsIn(""), ElementsAre(HasSubstr("is empty")));
  EXPECT_THAT(ProblemsIn("service_id: a\n---\nservice_id: b\n"),
              ElementsAre(HasSubstr("a second document begins here")));
  EXPECT_THAT(ProblemsIn("[a, b]: c"), ElementsAre("1:1 : has a key that is not a text"));
  EXPECT_THAT(ProblemsIn("just words"), ElementsAre("1:1 : must be a map of keys and values"));
}

TEST(ReadYaml, SaysWhatToDoAboutTheUsualMistakes) {
  for (const char* tab : {"grpc:\n\tlisten: x\n", "grpc:\n  listen: x\n\tport: 1\n",
                          "service_id: a\n  \tlimits: {}\n"}) {
    EXPECT_THAT(ProblemsIn(tab), ElementsAre(HasSubstr("a tab cannot indent: write spaces")))
        << tab;
  }
  for (const char* colon : {"service_id: a: b\n", "plans: {a: b: c}\n", "routes:\n  - a: b: c\n"}) {
    EXPECT_THAT(ProblemsIn(colon),
                ElementsAre(HasSubstr("that holds \": \" must stand in quotation marks")))
        << colon;
  }
  EXPECT_THAT(ProblemsIn("grpc:\n listen: x\n  tls: x\n"),
              ElementsAre(HasSubstr("must begin in the same column")));
  EXPECT_THAT(ProblemsIn("a: [1, 2\nb: 3"), ElementsAre(Not(HasSubstr("; "))));
}

TEST(ReadYaml, EndsWhereAllThatFollowsCannotBeRead) {
  EXPECT_THAT(ProblemsIn(","), ElementsAre(HasSubstr("is empty")));
  EXPECT_THAT(ProblemsIn("service_id: a\n---\n,"),
              ElementsAre("2:1 : a second document begins here; a file may hold one"));
}

TEST(ReadYaml, RefusesNestingWithoutEnd) {
  EXPECT_THAT(ProblemsIn(std::string(100'000, '[')), ElementsAre(HasSubstr("is not YAML")));
}

TEST(ReadYaml, RefusesAnAliasThatContainsItself) {
  EXPECT_THAT(ProblemsIn("plans: &all {a: *all}"),
              ElementsAre(HasSubstr("plans.a.a: unknown key")));
  EXPECT_THAT(ProblemsIn("routes: &all [*all]"),
              ElementsAre(HasSubstr("routes[0]: must be a map")));
}

TEST(ReadYaml, MasksNumbersInProblems) {
  EXPECT_THAT(ProblemsIn("retention: 447700900456"),
              ElementsAre(HasSubstr("\"447*******56\" is not a duration")));
}

TEST(ReadYaml, KnowsWhereFieldsStand) {
  Settings settings;
  const YamlReading reading =
      ReadYaml("service_id: a\nroutes:\n  - name: x\n  - name: y\n    number: 1\n", settings);
  EXPECT_EQ(reading.PositionOf("routes[1].number"), (Position{5, 5}));
  EXPECT_EQ(reading.PositionOf("routes[1].callees[0].endpoint"), (Position{4, 5}));
  EXPECT_EQ(reading.PositionOf("routes[7].name"), (Position{2, 1}));
  EXPECT_EQ(reading.PositionOf("accounts.default"), (Position{1, 1}));
}

TEST(PrintYaml, IsReadBackAsTheSame) {
  const Settings settings = Read(R"(
service_id: "no"
webhook: {hmac: {secret_files: ["a: b", "~"], algorithm: hmac_sha_512}}
accounts: {default: {stop_play_scope: both, rates: {dial: 0.1}}}
timing: {offer: 1500ms, ending_looks: [500ms, 1s]}
retention: 720h
plans: {quiet: {announcement: {}}, "null": {greeting: {text: "Zeile\n\"zwei\"é"}}}
routes: [{name: a, labels: {"x.y": "", b: "1"}, offer: true}, {number: "+442079460001"}]
)");
  Settings again;
  const std::string printed = PrintYaml(settings);
  EXPECT_THAT(ReadYaml(printed, again).problems, IsEmpty()) << printed;
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(settings, again)) << printed;
}

}  // namespace
}  // namespace callbridge::settings
