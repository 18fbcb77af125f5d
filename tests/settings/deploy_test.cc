// The settings files that are delivered are good.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/base/limits.h"
#include "server/settings/load.h"
#include "server/settings/routes.h"
#include "server/settings/text_file.h"

namespace callbridge::settings {
namespace {

using testing::IsEmpty;

Loaded MustLoadDelivered(const std::string& name) {
  const auto yaml =
      ReadTextFile(std::string(CALLBRIDGE_SOURCE_DIR) + "/deploy/" + name, base::kSettingsBytesMax);
  EXPECT_TRUE(yaml.ok()) << name << ": " << yaml.status();
  auto loaded = ParseWithWarnings(yaml.value_or(""), name);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? *loaded : Loaded();
}

TEST(ExampleSettings, AreGood) {
  const Loaded loaded = MustLoadDelivered("settings.example.yaml");
  EXPECT_THAT(loaded.warnings, IsEmpty());
  EXPECT_EQ(loaded.settings.routes_size(), 3);
}

TEST(DeploymentSettings, AreGood) {
  EXPECT_THAT(MustLoadDelivered("compose.settings.yaml").warnings, IsEmpty());
  EXPECT_THAT(MustLoadDelivered("kustomize/base/settings.yaml").warnings, IsEmpty());
}

// The number after "key" in a delivered file, at its n-th place.
int NumberAfter(const std::string& name, const std::string& key, int place = 1) {
  const auto text =
      ReadTextFile(std::string(CALLBRIDGE_SOURCE_DIR) + "/deploy/" + name, base::kSettingsBytesMax);
  EXPECT_TRUE(text.ok()) << name;
  std::size_t at = 0;
  for (int i = 0; i < place; ++i) at = text->find(key, at) + key.size();
  return std::stoi(text->substr(at));
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
