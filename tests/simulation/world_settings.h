// What every world runs with: the service's settings, the provider's, and who has which telephone
// number.
#pragma once

#include <absl/status/status.h>

#include <optional>
#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "tests/simulation/plan.h"
#include "tests/simulator/world.h"

namespace callbridge::simulation {

// The telephone numbers of a plan's bridges, by index; at most kBridgesMax.
inline constexpr int kBridgesMax = 40;
std::string RoutedNumber(int bridge);
std::string OfferedNumber(int bridge);
std::string CallerNumber(int bridge);
std::string CalleeNumber(int bridge);

// With a route that bridges and one that offers for each bridge of a plan.
const config::v1::Settings& WorldSettings();
// What the plan needs of them. retention: absent for the usual one.
config::v1::Settings SettingsOf(const Plan& plan, const std::optional<base::Duration>& retention);

// The world is made wrongly: ends the program with the message.
void RequireOk(const absl::Status& status);

// The people of the plan; switches and faults are set later.
simulator::Settings SimulatorSettings(const Plan& plan);

}  // namespace callbridge::simulation
