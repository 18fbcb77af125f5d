#include "tests/simulation/judged_draw.h"

#include <array>
#include <chrono>
#include <string_view>
#include <vector>

#include "tests/simulation/ambush_table.h"
#include "tests/simulation/draw.h"
#include "tests/simulation/hardship_draw.h"
#include "tests/simulation/judged_course.h"
#include "tests/simulator/named.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = BridgePlan::Kind;

// Longer than all but the longest talk.
constexpr seconds kFaultsLast{90};

constexpr std::array kWhoAnswer = {"answers:3,hangs-up:20", "answers:1,hangs-up:15", "answers:5"};
constexpr std::array kWhoFail = {"busy", "rejects", "unreachable", "refused:403"};

// Without a step before: one fault brings the situation about.
const std::vector<const AmbushCell*>& JudgedCells() {
  static const std::vector<const AmbushCell*> cells = [] {
    std::vector<const AmbushCell*> judged;
    for (const AmbushCell& cell : ReachableCells()) {
      if (cell.row->before[0].fault.empty() && IsJudged(cell.fault)) judged.push_back(&cell);
    }
    return judged;
  }();
  return cells;
}

BridgePlan DrawPeople(Draw& draw, AmbushWay way) {
  BridgePlan bridge;
  bridge.begins = draw.Between(milliseconds(0), seconds(3));
  bridge.offer_taken = draw.Between(milliseconds(50), seconds(3));
  bridge.kind = draw.Of(std::array{Kind::kIncoming, Kind::kIncoming, Kind::kOffered});
  const std::uint64_t callee = draw.Below(6);
  bridge.callee = callee < 3    ? draw.Of(kWhoAnswer)
                  : callee == 3 ? "never-answers"
                                : draw.Of(kWhoFail);
  switch (way) {
    case AmbushWay::kAny:
      break;
    case AmbushWay::kOffered:
      bridge.kind = Kind::kOffered;
      break;
    case AmbushWay::kRequested:
      bridge.kind = Kind::kRequested;
      break;
    case AmbushWay::kAnswered:
    case AmbushWay::kTalkative:
      bridge.callee = draw.Of(kWhoAnswer);
      break;
    case AmbushWay::kUnanswered:
      bridge.callee = "never-answers";
      break;
    case AmbushWay::kBusy:
      bridge.callee = draw.Of(kWhoFail);
      break;
  }
  return bridge;
}

// Within what leaves people their two seconds.
void DrawPace(Draw& draw, Plan& plan) {
  const auto delay = [&](const char* name, milliseconds least, milliseconds most) {
    plan.delays.emplace_back(name, simulator::FormatDuration(draw.Between(least, most)));
  };
  if (draw.OneIn(4)) return;
  plan.latency_max = draw.Between(milliseconds(3), milliseconds(150));
  if (draw.OneIn(2)) plan.store_takes_max = draw.Between(milliseconds(1), milliseconds(20));
  delay("event", milliseconds(1), milliseconds(300));
  delay("answer", milliseconds(20), milliseconds(1'500));
  delay("join", milliseconds(20), milliseconds(400));
}

}  // namespace

void AddJudgedBridge(Draw& draw, AmbushWay way, Plan& plan) {
  // Every third request is in a hurry (World::RequestFor): a fault may make it too late.
  if (way == AmbushWay::kRequested && plan.bridges.size() % 3 == 1) {
    plan.bridges.push_back(DrawPeople(draw, AmbushWay::kAny));
  }
  plan.bridges.push_back(DrawPeople(draw, way));
}

void LayFault(const AmbushCell& cell, Draw& draw, Plan& plan) {
  Ambush ambush;
  ambush.fault = cell.fault;
  ambush.phase = cell.row->phase;
  ambush.command = cell.row->command;
  ambush.own_request = GroundOf(cell.fault) == AmbushGround::kRequest;
  ambush.bridge = static_cast<int>(plan.bridges.size()) - 1;
  if (GroundOf(cell.fault) == AmbushGround::kServer) {
    ambush.lasts = draw.Between(milliseconds(100), kPauseMax);
  } else if (cell.fault == "slow-response") {
    ambush.lasts = draw.Of(std::array{milliseconds(700), milliseconds(3'000), milliseconds(7'500),
                                      milliseconds(20'000)});
  } else if (cell.fault == "delay") {
    ambush.lasts =
        draw.Of(std::array{milliseconds(700), milliseconds(5'000), milliseconds(120'000)});
  }
  plan.ambushes.push_back(ambush);
}

void LayAnyFault(AmbushWay way, Draw& draw, Plan& plan) {
  const AmbushCell& cell = *draw.Of(JudgedCells());
  if (cell.row->way != way && cell.row->way != AmbushWay::kAny)
    AddJudgedBridge(draw, cell.row->way, plan);
  LayFault(cell, draw, plan);
}

Plan DrawJudgedPlan(std::uint64_t seed) {
  Draw draw(seed * 0xbf58476d1ce4e5b9U + 0x632be59bU);
  Plan plan;
  plan.seed = seed;
  plan.judged = true;
  plan.calm_after = kFaultsLast;
  DrawPace(draw, plan);
  plan.repeats = draw.OneIn(4);
  if (draw.OneIn(6)) plan.faults.emplace_back("stale-conference-read", "1");
  const std::uint64_t faults = draw.Below(3);
  if (faults > 0) {
    const AmbushCell& cell = *draw.Of(JudgedCells());
    AddJudgedBridge(draw, cell.row->way, plan);
    LayFault(cell, draw, plan);
    if (faults > 1) LayAnyFault(cell.row->way, draw, plan);
  }
  for (std::uint64_t left = faults == 0 ? 1 + draw.Below(3) : draw.Below(2); left > 0; --left) {
    AddJudgedBridge(draw, draw.OneIn(3) ? AmbushWay::kRequested : AmbushWay::kAny, plan);
  }
  if (seed >= kHardshipsFrom) AddHardship(plan);
  return plan;
}

}  // namespace callbridge::simulation
