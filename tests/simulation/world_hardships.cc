// What befalls a judged world besides faults: things that are usual where a service runs for years,
// and that people may not notice.
#include <absl/strings/str_cat.h>

#include "tests/simulation/world.h"
#include "tests/simulator/named.h"

namespace callbridge::simulation {

ServerClock::Kind World::ClockKindOf(const ServerPlan& server) const {
  // Seeds that tests know by number were drawn when the world's clock went back sometimes.
  if (server.clock_steps.empty() || options_.follows_machine_clock) {
    return ServerClock::Kind::kMachine;
  }
  return ServerClock::Kind::kService;
}

void World::ScheduleHardships() {
  for (std::size_t i = 0; i < plan_.servers.size(); ++i) {
    for (const ClockStep& step : plan_.servers[i].clock_steps) {
      After(step.at, [this, i, by = step.by] {
        trace_.Note(now(), absl::StrCat("server-", i + 1),
                    absl::StrCat("has its clock set by ", simulator::FormatDuration(by)));
        servers_[i]->SetMachineClock(by);
      });
    }
  }
}

}  // namespace callbridge::simulation
