#include "tests/simulation/world_settings.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "server/base/check.h"
#include "server/settings/load.h"

namespace callbridge::simulation {
namespace {

constexpr const char* kSettings = R"(
service_id: world
store: {memory: {}}
accounts:
  default:
    base_url: http://127.0.0.1:8090
    allowed_hosts: ["127.0.0.1:8090"]
    api_key_file: api-key
    calls_configuration_id: bridge
webhook: {protected_by: "no network at all"}
dialing: {default_number: "+442079460010"}
plans:
  default:
    greeting: {text: "Please hold."}
    announcement: {text: "Here they are."}
    apology: {text: "Nobody there."}
    music: {audio: {file_id: whales, duration: 20s}}
    ring_timeout: 15s
    max_duration: 120s
routes:
)";

config::v1::Settings ReadSettings() {
  std::string text = kSettings;
  for (int bridge = 0; bridge < kBridgesMax; ++bridge) {
    absl::StrAppend(&text, "  - {name: routed-", bridge, ", number: \"+", RoutedNumber(bridge),
                    "\", callees: [{endpoint: {phone: {number: \"+", CalleeNumber(bridge),
                    "\"}}}]}\n", "  - {name: offered-", bridge, ", number: \"+",
                    OfferedNumber(bridge), "\", offer: true}\n");
  }
  auto settings = settings::ParseSettings(text, "world.yaml");
  RequireOk(settings.status());
  return *settings;
}

std::string Number(const char* prefix, int index) {
  return absl::StrFormat("%s%02d", prefix, index);
}

}  // namespace

void RequireOk(const absl::Status& status) {
  base::Check(status.ok(), std::string(status.message()).c_str());
}

// Fifty each: 00 to 49 and 50 to 99.
std::string RoutedNumber(int bridge) { return Number("4420794600", bridge + 10); }
std::string OfferedNumber(int bridge) { return Number("4420794600", bridge + 50); }
std::string CallerNumber(int bridge) { return Number("4477009001", bridge + 10); }
std::string CalleeNumber(int bridge) { return Number("4477009004", bridge + 10); }

// Read once: it is the same for all worlds.
const config::v1::Settings& WorldSettings() {
  static const config::v1::Settings settings = ReadSettings();
  return settings;
}

config::v1::Settings SettingsOf(const Plan& plan, const std::optional<base::Duration>& retention) {
  config::v1::Settings settings = WorldSettings();
  // The service is told of which flavour its account is.
  if (std::ranges::count(plan.switches,
                         std::pair<std::string, std::string>("legacy-applications", "on")) > 0) {
    settings.mutable_accounts()->at("default").mutable_setup()->set_flavour(
        config::v1::Account::Setup::FLAVOUR_APPLICATIONS);
  }
  *settings.mutable_plans()->at("default").mutable_recording() = plan.recording;
  if (retention) *settings.mutable_retention() = base::ToProtoDuration(*retention);
  return settings;
}

simulator::Settings SimulatorSettings(const Plan& plan) {
  simulator::Settings settings;
  settings.seed = plan.seed + 1;
  settings.api_key = "key";
  settings.configurations = {"bridge", "foreign"};
  settings.api_base_url = "http://127.0.0.1:8090";
  for (std::size_t i = 0; i < plan.bridges.size(); ++i) {
    const int bridge = static_cast<int>(i);
    RequireOk(settings.people.Set(CalleeNumber(bridge), plan.bridges[i].callee));
    RequireOk(settings.people.Set(CallerNumber(bridge), plan.bridges[i].caller));
  }
  return settings;
}

}  // namespace callbridge::simulation
