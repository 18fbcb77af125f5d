#include "tests/simulation/ambush_draw.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "tests/simulation/ambush_table.h"
#include "tests/simulation/draw.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Longer than the look at two who talk takes to come.
constexpr seconds kCalmAfter{90};
// Nearly as long as a request may take: what is to stay in flight stays for long, and its answer
// still counts.
constexpr milliseconds kLate{7'500};

BridgePlan DrawBridge(Draw& draw, AmbushWay way) {
  using Kind = BridgePlan::Kind;
  constexpr std::array kAnswering = {"answers:0,hangs-up:20", "answers:0", "answers:1,hangs-up:20",
                                     "answers:3,hangs-up:8"};
  constexpr std::array kFailing = {"busy", "rejects", "unreachable", "refused:403"};
  constexpr std::array kAll = {"answers:3,hangs-up:8", "answers:1,hangs-up:5", "busy",
                               "never-answers", "answers:14"};
  BridgePlan bridge;
  bridge.begins = draw.Between(milliseconds(0), seconds(4));
  bridge.callee = draw.Of(kAll);
  switch (way) {
    case AmbushWay::kAny:
      break;
    case AmbushWay::kOffered:
      bridge.kind = Kind::kOffered;
      bridge.offer_taken = draw.Between(milliseconds(50), seconds(1));
      break;
    case AmbushWay::kRequested:
      bridge.kind = Kind::kRequested;
      bridge.caller = draw.OneIn(2) ? "answers:1" : "answers:3";
      break;
    case AmbushWay::kAnswered:
      bridge.callee = draw.Of(kAnswering);
      break;
    case AmbushWay::kTalkative:
      bridge.callee = "answers:1";
      break;
    case AmbushWay::kUnanswered:
      bridge.callee = "never-answers";
      break;
    case AmbushWay::kBusy:
      bridge.callee = draw.Of(kFailing);
      break;
  }
  return bridge;
}

base::Duration DrawLasts(Draw& draw, std::string_view fault) {
  if (fault.starts_with("crash")) return draw.Between(milliseconds(100), seconds(12));
  if (fault.starts_with("sleep")) return draw.Between(milliseconds(300), seconds(30));
  if (fault == "refused") return draw.Between(milliseconds(0), seconds(3));
  if (fault == "slow-response") {
    return draw.Of(std::array{milliseconds(500), milliseconds(3'000), kLate, milliseconds(20'000)});
  }
  if (fault == "delay") {
    return draw.Of(std::array{milliseconds(500), milliseconds(5'000), milliseconds(120'000)});
  }
  if (GroundOf(fault) != AmbushGround::kMoment) return {};
  const bool acts = fault.ends_with("hangs-up") || fault == "end-asked";
  // A request needs 3 ms to the provider, and its answer as long.
  return acts ? milliseconds(draw.Of(std::array{0, 1, 2, 4, 5}))
              : draw.Between(milliseconds(200), seconds(20));
}

Ambush MakeStep(const AmbushStep& step, int bridge) {
  Ambush ambush;
  ambush.fault = step.fault;
  ambush.phase = step.phase;
  ambush.command = step.command;
  ambush.bridge = bridge;
  ambush.always = step.always;
  ambush.own_request = GroundOf(step.fault) == AmbushGround::kRequest && step.command != kAnything;
  ambush.lasts = step.fault == "slow-response" ? kLate : milliseconds(2);
  return ambush;
}

void Lay(Draw& draw, const AmbushCell& cell, Plan& plan) {
  const AmbushRow& row = *cell.row;
  const int bridge = static_cast<int>(plan.bridges.size());
  plan.bridges.push_back(DrawBridge(draw, row.way));
  // What leads into the situation may lead others into situations of their own.
  const bool alone = draw.OneIn(2);
  for (const AmbushStep& step : row.before) {
    if (!step.fault.empty()) plan.ambushes.push_back(MakeStep(step, alone ? bridge : -1));
  }
  // An event needs time to happen while the command is in flight.
  if (GroundOf(cell.fault) == AmbushGround::kWebhook && row.command != kNothing) {
    plan.ambushes.push_back(MakeStep({"slow-response", row.phase, row.command}, bridge));
  }
  Ambush ambush;
  ambush.fault = cell.fault;
  ambush.phase = row.phase;
  ambush.command = row.command;
  // Whoever hangs up spoils whatever the others wait for.
  const bool spoils = cell.fault.ends_with("hangs-up") || cell.fault == "end-asked";
  if (spoils && !draw.OneIn(3)) ambush.bridge = bridge;
  if (draw.OneIn(4)) ambush.passes = 1 + static_cast<int>(draw.Below(3));
  ambush.lasts = DrawLasts(draw, cell.fault);
  plan.ambushes.push_back(ambush);
}

// By their weights.
const AmbushCell& DrawCell(Draw& draw) {
  static const std::vector<const AmbushCell*> lots = [] {
    std::vector<const AmbushCell*> all;
    for (const AmbushCell& cell : ReachableCells()) all.insert(all.end(), cell.weight, &cell);
    return all;
  }();
  return *draw.Of(lots);
}

}  // namespace

void LieInAmbush(Plan& plan) {
  Draw draw(plan.seed * 0xda942042e4dd58b5U + 0x7f4a7c15U);
  if (draw.OneIn(3)) return;
  if (!draw.OneIn(3)) {
    plan.faults.clear();
    plan.outages.clear();
    for (ServerPlan& server : plan.servers) server.troubles.clear();
  }
  plan.bridges.clear();
  for (std::uint64_t left = 2 + draw.Below(5); left > 0; --left) Lay(draw, DrawCell(draw), plan);
  plan.calm_after = std::max<base::Duration>(plan.calm_after, kCalmAfter);
}

Plan LeadInto(const AmbushRow& row, std::uint64_t seed) {
  Draw draw(seed);
  Plan plan;
  plan.seed = seed;
  plan.bridges.push_back(DrawBridge(draw, row.way));
  for (const AmbushStep& step : row.before) {
    if (!step.fault.empty()) plan.ambushes.push_back(MakeStep(step, 0));
  }
  plan.calm_after = kCalmAfter;
  return plan;
}

}  // namespace callbridge::simulation
