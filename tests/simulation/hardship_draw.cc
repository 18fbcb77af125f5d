#include "tests/simulation/hardship_draw.h"

#include <array>
#include <chrono>

#include "tests/simulation/draw.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The last talk has begun long before.
constexpr seconds kMomentsLast{60};

// Seconds, as by NTP after a long time without it, or an hour, as by a wrong time zone.
void SetClocks(Draw& draw, Plan& plan) {
  // A new process takes its machine's time, and two processes of one machine may differ.
  std::erase_if(plan.ambushes,
                [](const Ambush& ambush) { return ambush.fault.starts_with("crash"); });
  for (ServerPlan& server : plan.servers) {
    for (std::uint64_t left = 1 + draw.Below(3); left > 0; --left) {
      ClockStep step;
      step.at = draw.Between(milliseconds(0), kMomentsLast);
      step.by = draw.OneIn(2) ? base::Duration(std::chrono::hours(1))
                              : draw.Between(milliseconds(100), seconds(10));
      if (draw.OneIn(2)) step.by = -step.by;
      server.clock_steps.push_back(step);
    }
  }
}

}  // namespace

void AddHardship(Plan& plan) {
  Draw draw(plan.seed * 0x94d049bb133111ebU + 0x2545f491U);
  SetClocks(draw, plan);
}

}  // namespace callbridge::simulation
