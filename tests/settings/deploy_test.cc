// The settings files that are delivered are good.
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/limits.h"
#include "server/settings/example.h"
#include "server/settings/files.h"
#include "server/settings/load.h"
#include "server/settings/routes.h"
#include "server/settings/yaml_reader.h"
#include "tests/settings/places.h"

namespace callbridge::settings {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

std::string MustRead(const std::string& name) {
  const auto text =
      ReadTextFile(std::string(CALLBRIDGE_SOURCE_DIR) + "/deploy/" + name, base::kSettingsBytesMax);
  EXPECT_TRUE(text.ok()) << name << ": " << text.status();
  return text.value_or("");
}

Loaded MustLoadDelivered(const std::string& name) {
  auto loaded = ParseWithWarnings(MustRead(name), name);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? *loaded : Loaded();
}

TEST(ExampleSettings, AreGood) {
  const Loaded loaded = MustLoadDelivered("settings.example.yaml");
  EXPECT_THAT(loaded.warnings, IsEmpty());
  EXPECT_EQ(loaded.settings.routes_size(), 4);
}

TEST(ExampleSettings, ArePrintedByTheProgram) {
  EXPECT_EQ(MustRead("settings.example.yaml"), PrintExample())
      << "callbridge-server --print-example > deploy/settings.example.yaml";
}

TEST(ExampleSettings, NameEverySetting) {
  const std::string example = PrintExample();
  for (const Place& place : AllPlaces()) {
    if (place.is_item) continue;
    EXPECT_THAT(example, ContainsRegex("\\b" + place.field->name() + ":")) << place.path;
  }
}

// The settings that the example comments out, "#key: value", each made part of it.
TEST(ExampleSettings, CanBeReadWithAllThatIsCommentedOut) {
  const std::string example = PrintExample();
  // Behind the head, which is prose.
  std::vector<std::string> lines = absl::StrSplit(example.substr(example.find("\n\n")), '\n');
  int commented_out = 0;
  for (std::string& line : lines) {
    const std::size_t sign = line.find_first_not_of(' ');
    if (sign == std::string::npos || line[sign] != '#') continue;
    // A comment has one space behind its sign.
    const bool comment = line.size() < sign + 3 || (line[sign + 1] == ' ' && line[sign + 2] != ' ');
    if (comment) continue;
    line.erase(sign, 1);
    ++commented_out;
  }
  EXPECT_GE(commented_out, 60);
  config::v1::Settings settings;
  // Of alternatives the example sets one.
  for (const Problem& problem : ReadYaml(absl::StrJoin(lines, "\n"), settings).problems) {
    EXPECT_THAT(problem.description, HasSubstr("excludes ")) << problem.path;
  }
}

TEST(DeploymentSettings, AreGood) {
  EXPECT_THAT(MustLoadDelivered("compose.settings.yaml").warnings, IsEmpty());
  EXPECT_THAT(MustLoadDelivered("kustomize/base/settings.yaml").warnings, IsEmpty());
}

// The number after "key" in a delivered file, at its n-th place.
int NumberAfter(const std::string& name, const std::string& key, int place = 1) {
  const std::string text = MustRead(name);
  std::size_t at = 0;
  for (int i = 0; i < place; ++i) at = text.find(key, at) + key.size();
  return std::stoi(text.substr(at));
}

// Whoever stops the programs waits for longer than they ever take.
TEST(Deployment, KillsNoProgramThatStillDrains) {
  const auto server = static_cast<int>(base::kServerStopMax.count());
  const auto ingress = static_cast<int>((base::kIngressDrainMax + 2 * base::kLogFlush).count());
  const int pre_stop = NumberAfter("kustomize/base/statefulset.yaml", "command: [sleep, \"");
  EXPECT_GE(NumberAfter("kustomize/base/statefulset.yaml", "terminationGracePeriodSeconds: "),
            server + pre_stop);
  EXPECT_GE(NumberAfter("compose.yaml", "stop_grace_period: "), server);
  EXPECT_GE(NumberAfter("compose.yaml", "stop_grace_period: ", 2), ingress);
  EXPECT_GE(NumberAfter("systemd/callbridge-server.service", "TimeoutStopSec="), server);
  EXPECT_GE(NumberAfter("systemd/callbridge-webhook.service", "TimeoutStopSec="), ingress);
}

TEST(DemoSettings, ArrangeAnAnsweredAnUnansweredAndAnOfferedCall) {
  const Loaded loaded = MustLoadDelivered("demo.yaml");
  EXPECT_THAT(loaded.warnings, IsEmpty());
  const Routes routes(loaded.settings);
  internal::v1::ProviderEvent event;
  event.set_type(internal::v1::ProviderEvent::TYPE_CALL_RECEIVED);
  event.set_calls_configuration_id("bridge-demo");
  event.mutable_call()->set_to("442079460001");
  EXPECT_EQ(routes.Arrange(event)->callees(0).endpoint().phone().number(), "+447700900456");
  event.mutable_call()->set_to("442079460002");
  EXPECT_EQ(routes.Arrange(event)->callees(0).ring_timeout().seconds(), 7);
  event.mutable_call()->set_to("442079460003");
  EXPECT_EQ(routes.Arrange(event)->arrangement(), internal::v1::IncomingCall::ARRANGEMENT_OFFER);
}

}  // namespace
}  // namespace callbridge::settings
