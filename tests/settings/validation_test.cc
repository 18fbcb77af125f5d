// What a whole file is refused for, in the words and at the place that its author sees.
#include "server/settings/validation.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/time.h"
#include "server/settings/load.h"
#include "server/settings/print.h"
#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

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
              ElementsAre("127.0.0.1:8090", ".infobip.com"));
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
  EXPECT_THAT(problems, HasSubstr("webhook: needs basic, hmac or client_certificate"));
}

TEST(ParseSettings, DoesNotCallAValueMissingThatCouldNotBeRead) {
  EXPECT_EQ(ProblemsOf(GoodYamlWith("service_id: test", "service_id: [a]")),
            "settings.yaml:1:1: service_id: must be a single value");
}

TEST(ParseSettings, TellsWhatIsWrongBesideAValueThatCouldNotBeRead) {
  const std::string problems = ProblemsWith("  - broken\n  - {name: b, number: nonsense}\n");
  EXPECT_THAT(problems, HasSubstr("routes[1]: must be"));
  EXPECT_THAT(problems, HasSubstr("routes[2].number: "));
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
