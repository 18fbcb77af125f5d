#include "tests/simulation/plan.h"

#include <absl/strings/str_cat.h>

#include <array>
#include <chrono>
#include <string_view>

#include "tests/simulation/ambush_draw.h"
#include "tests/simulation/draw.h"
#include "tests/simulation/judged_draw.h"
#include "tests/simulator/named.h"
#include "tests/simulator/switches.h"

namespace callbridge::simulation {
namespace {

using simulator::FormatDuration;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array kCallees = {"answers:3,hangs-up:20",
                                 "answers:0,hangs-up:1",
                                 "answers:1,hangs-up:5",
                                 "busy",
                                 "rejects",
                                 "never-answers",
                                 "answers-at-timeout",
                                 "unreachable",
                                 "answers:8,hangs-up:30",
                                 "refused:403",
                                 "answers:2,machine",
                                 "answers:14",
                                 "answers:2",
                                 "answers:5,hangs-up:40",
                                 "answers:2,disconnects:5"};
constexpr std::array kCallers = {"answers:1",     "answers:4,hangs-up:12", "busy",
                                 "never-answers", "answers:2,hangs-up:1",  "answers-at-timeout"};

struct FaultChoice {
  const char* name;
  std::array<const char*, 3> values;
};
constexpr std::array kFaults = {
    FaultChoice{"duplicate", {"0.1", "0.5", "1"}},
    FaultChoice{"delay", {"0.05", "0.3", "0.8"}},
    FaultChoice{"reorder", {"0.1", "0.4", "0.8"}},
    FaultChoice{"drop", {"0.03", "0.2", "0.7"}},
    FaultChoice{"missing-finished", {"0.2", "0.5", "1"}},
    FaultChoice{"unknown-event", {"0.1", "0.3", "0.5"}},
    FaultChoice{"unknown-field", {"0.1", "0.3", "0.5"}},
    FaultChoice{"null-fields", {"0.2", "0.5", "1"}},
    FaultChoice{"zulu-times", {"0.2", "0.5", "1"}},
    FaultChoice{"array", {"0.1", "0.3", "0.6"}},
    FaultChoice{"throttled", {"0.05", "0.2", "0.5"}},
    FaultChoice{"error-before", {"0.05", "0.2", "0.5"}},
    FaultChoice{"error-after", {"0.05", "0.2", "0.4"}},
    FaultChoice{"reset-before", {"0.05", "0.2", "0.5"}},
    FaultChoice{"reset-after", {"0.05", "0.2", "0.4"}},
    FaultChoice{"slow-response", {"0.05", "0.2", "0.4"}},
    FaultChoice{"event-before-response", {"0.1", "0.4", "0.8"}},
    FaultChoice{"action-failed", {"0.02", "0.1", "0.3"}},
    FaultChoice{"sound-error", {"0.1", "0.3", "1"}},
    FaultChoice{"stale-read", {"0.1", "0.4", "0.8"}},
    FaultChoice{"list-lag", {"1s", "4s", "15s"}},
};

// The switches and faults that were there when the seeds that tests know by number were drawn. What
// came later has draws of its own, so that the older ones stay the same.
constexpr std::size_t kFirstSwitches = 41;
constexpr std::size_t kSecondSwitches = 48;
// Only worlds with keys have any of these, from the first one on.
constexpr std::string_view kSwitchesOfKeys = "stop-play-ends-capture";
// Only worlds with recordings have any of these, from the first one on.
constexpr std::string_view kSwitchesOfRecordings = "recording";

std::size_t PlaceOfSwitch(std::string_view name) {
  std::size_t place = 0;
  while (simulator::SwitchRows().at(place).name != name) ++place;
  return place;
}
constexpr std::array kFaultsOfRecordings = {
    FaultChoice{"recording-failed", {"0.1", "0.4", "1"}},
    FaultChoice{"composition-failed", {"0.1", "0.4", "1"}},
};
constexpr std::array kLaterFaults = {FaultChoice{"unknown-state", {"0.1", "0.5", "1"}}};

void DrawLater(Plan& plan) {
  Draw draw(plan.seed * 0xd1342543de82ef95U + 0x2545f491U);
  const auto& rows = simulator::SwitchRows();
  const auto draw_switches = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (draw.OneIn(6)) plan.switches.emplace_back(rows[i].name, draw.Of(rows[i].choices));
    }
  };
  draw_switches(kFirstSwitches, kSecondSwitches);
  for (const FaultChoice& fault : kLaterFaults) {
    if (draw.OneIn(8)) plan.faults.emplace_back(fault.name, draw.Of(fault.values));
  }
  draw_switches(kSecondSwitches, PlaceOfSwitch(kSwitchesOfKeys));
}

BridgePlan DrawBridge(Draw& draw) {
  BridgePlan bridge;
  const std::uint64_t kind = draw.Below(6);
  bridge.kind = kind < 3   ? BridgePlan::Kind::kIncoming
                : kind < 5 ? BridgePlan::Kind::kRequested
                           : BridgePlan::Kind::kOffered;
  bridge.begins = draw.Between(milliseconds(0), seconds(5));
  bridge.callee = draw.Of(kCallees);
  bridge.caller = draw.OneIn(2) ? kCallers[0] : draw.Of(kCallers);
  if (draw.OneIn(3)) bridge.caller_leaves = draw.Between(milliseconds(50), seconds(30));
  if (draw.OneIn(4)) bridge.end_asked = draw.Between(milliseconds(1), seconds(40));
  bridge.offer_taken = draw.Between(milliseconds(200), seconds(9));
  return bridge;
}

Troubles DrawTroubles(Draw& draw, bool crashes, bool sleeps, bool losses) {
  Troubles troubles;
  const auto add = [&](Trouble::Kind kind, base::Duration lasts) {
    troubles[1 + static_cast<int>(draw.Below(150))] = {kind, lasts};
  };
  for (std::uint64_t i = crashes ? 1 + draw.Below(2) : 0; i > 0; --i) {
    add(draw.OneIn(2) ? Trouble::Kind::kCrashBefore : Trouble::Kind::kCrashAfter,
        draw.Between(milliseconds(100), seconds(12)));
  }
  for (std::uint64_t i = sleeps ? 1 + draw.Below(2) : 0; i > 0; --i) {
    add(draw.OneIn(2) ? Trouble::Kind::kSleepBefore : Trouble::Kind::kSleepAfter,
        draw.Between(milliseconds(300), seconds(30)));
  }
  for (std::uint64_t i = losses ? 1 + draw.Below(6) : 0; i > 0; --i) {
    add(draw.OneIn(2) ? Trouble::Kind::kAnswerLost : Trouble::Kind::kRefused,
        draw.Between(milliseconds(0), seconds(3)));
  }
  return troubles;
}

void DrawProvider(Draw& draw, Plan& plan) {
  if (!draw.OneIn(4)) {
    // Few kinds at a time in most worlds, many in some.
    const std::uint64_t sparse = draw.OneIn(4) ? 2 : 7;
    for (const FaultChoice& fault : kFaults) {
      if (draw.OneIn(sparse)) plan.faults.emplace_back(fault.name, draw.Of(fault.values));
    }
    if (draw.OneIn(2)) plan.faults.emplace_back("delay-by", draw.OneIn(4) ? "120s" : "6s");
    if (draw.OneIn(2)) plan.faults.emplace_back("slow-response-by", draw.OneIn(3) ? "90s" : "9s");
    if (draw.OneIn(3)) plan.faults.emplace_back("retry-after", "2");
  }
  const std::uint64_t switches = draw.OneIn(2) ? 0 : draw.Below(6);
  for (std::uint64_t i = 0; i < switches; ++i) {
    const auto& row = simulator::SwitchRows()[draw.Below(kFirstSwitches)];
    if (!row.choices.empty()) plan.switches.emplace_back(row.name, draw.Of(row.choices));
  }
}

template <typename Item>
void AddWithoutEach(const Plan& plan, std::vector<Item> Plan::*list, std::vector<Plan>& smaller) {
  for (std::size_t i = 0; i < (plan.*list).size(); ++i) {
    Plan less = plan;
    (less.*list).erase((less.*list).begin() + static_cast<std::ptrdiff_t>(i));
    smaller.push_back(std::move(less));
  }
}

void AddWithoutEachBridge(const Plan& plan, std::vector<Plan>& smaller) {
  for (std::size_t i = 0; i < plan.bridges.size(); ++i) {
    Plan less = plan;
    less.bridges.erase(less.bridges.begin() + static_cast<std::ptrdiff_t>(i));
    const int bridge = static_cast<int>(i);
    std::erase_if(less.ambushes, [bridge](const Ambush& one) { return one.bridge == bridge; });
    for (Ambush& ambush : less.ambushes) ambush.bridge -= ambush.bridge > bridge ? 1 : 0;
    smaller.push_back(std::move(less));
  }
}

}  // namespace

std::string NameOf(Outage::Kind kind) {
  switch (kind) {
    case Outage::Kind::kProviderAway:
      return "provider-away";
    case Outage::Kind::kDiskFull:
      return "disk-full";
    case Outage::Kind::kIngressDown:
      return "ingress-down";
  }
  return "";
}

namespace {

Plan DrawSwarm(std::uint64_t seed) {
  Draw draw(seed * 0x9e3779b97f4a7c15U + 1);
  Plan plan;
  plan.seed = seed;
  const std::uint64_t bridges = draw.OneIn(3) ? 1 + draw.Below(4) : 1;
  for (std::uint64_t i = 0; i < bridges; ++i) plan.bridges.push_back(DrawBridge(draw));
  DrawProvider(draw, plan);
  const bool crashes = draw.OneIn(3);
  const bool sleeps = draw.OneIn(5);
  const bool losses = draw.OneIn(4);
  const bool skewed = draw.OneIn(4);
  plan.servers.resize(draw.OneIn(3) ? 2 + draw.Below(2) : 1);
  for (ServerPlan& server : plan.servers) {
    server.troubles = DrawTroubles(draw, crashes, sleeps, losses);
    if (skewed) server.skew = draw.Between(milliseconds(-800), milliseconds(800));
  }
  plan.ingresses = draw.OneIn(2) ? 2 : 1;
  if (draw.OneIn(5)) {
    plan.outages.push_back({draw.Of(std::array{Outage::Kind::kProviderAway, Outage::Kind::kDiskFull,
                                               Outage::Kind::kIngressDown}),
                            draw.Between(milliseconds(0), seconds(25)),
                            draw.Between(milliseconds(200), seconds(60))});
  }
  plan.calm_after = seconds(45) + draw.Between(milliseconds(0), seconds(60));
  plan.readers = draw.OneIn(2) ? 1 + static_cast<int>(draw.Below(2)) : 0;
  plan.rubbish = draw.OneIn(6);
  plan.forged = draw.OneIn(6);
  plan.neighbours = draw.OneIn(4);
  return plan;
}

// More people at one moment than the provider's rates allow: all of them have to wait, and some
// leave meanwhile. One server, whose rates are the provider's own.
void DrawCrowd(Draw& draw, Plan& plan) {
  plan.servers.resize(1);
  const base::Duration begins = draw.Between(milliseconds(0), seconds(2));
  const base::Duration leave = draw.Between(seconds(4), seconds(12));
  for (std::uint64_t left = 8 + draw.Below(12); left > 0; --left) {
    BridgePlan bridge = DrawBridge(draw);
    bridge.begins = begins + draw.Between(milliseconds(0), milliseconds(200));
    if (draw.OneIn(3)) bridge.caller_leaves = leave;
    plan.bridges.push_back(bridge);
  }
}

void AddCrowds(Plan& plan) {
  Draw draw(plan.seed * 0xbf58476d1ce4e5b9U + 0x94d049bbU);
  for (BridgePlan& bridge : plan.bridges) {
    if (draw.OneIn(5)) bridge.offer_taken = std::chrono::minutes(1);
  }
  if (draw.OneIn(25)) DrawCrowd(draw, plan);
}

void AddWishes(Plan& plan) {
  Draw draw(plan.seed * 0xd6e8feb86659fd93U + 0x2545f491U);
  plan.wishes_every = draw.Between(milliseconds(100), seconds(4));
}

void AddSounds(Plan& plan) {
  Draw draw(plan.seed * 0xa0761d6478bd642fU + 0x94d049bbU);
  plan.sounds_every = draw.Between(milliseconds(100), seconds(2));
  const std::size_t end = PlaceOfSwitch(kSwitchesOfRecordings);
  for (std::size_t i = PlaceOfSwitch(kSwitchesOfKeys); i < end; ++i) {
    const auto& row = simulator::SwitchRows()[i];
    if (draw.OneIn(3)) plan.switches.emplace_back(row.name, draw.Of(row.choices));
  }
  for (BridgePlan& bridge : plan.bridges) {
    for (std::string* person : {&bridge.caller, &bridge.callee}) {
      if (draw.OneIn(2)) absl::StrAppend(person, ",presses:", draw.OneIn(2) ? "12" : "12345");
    }
  }
}

void AddRecordings(Plan& plan) {
  Draw draw(plan.seed * 0xe7037ed1a0b428dbU + 0x2545f491U);
  const auto& rows = simulator::SwitchRows();
  for (std::size_t i = PlaceOfSwitch(kSwitchesOfRecordings); i < rows.size(); ++i) {
    if (draw.OneIn(4)) plan.switches.emplace_back(rows[i].name, draw.Of(rows[i].choices));
  }
  for (const FaultChoice& fault : kFaultsOfRecordings) {
    if (draw.OneIn(4)) plan.faults.emplace_back(fault.name, draw.Of(fault.values));
  }
  if (draw.OneIn(3)) {
    plan.recordings_every = draw.Between(milliseconds(100), seconds(4));
    if (draw.OneIn(2)) return;
  }
  plan.recording.set_mode(draw.OneIn(2) ? v1::RECORDING_MODE_LEGS : v1::RECORDING_MODE_CONFERENCE);
  plan.recording.set_start(draw.OneIn(3) ? v1::RecordingPlan::START_JOINED
                                         : v1::RecordingPlan::START_CONNECTED);
  plan.recording.set_beep(plan.recording.mode() == v1::RECORDING_MODE_LEGS && draw.OneIn(2));
}

void AddNotices(Plan& plan) {
  Draw draw(plan.seed * 0x8ebc6af09c88c6e3U + 0x94d049bbU);
  if (draw.OneIn(4)) return;
  if (plan.recording.start() == v1::RecordingPlan::START_JOINED) {
    plan.recording.set_start(v1::RecordingPlan::START_CONNECTED);
  }
  v1::RecordingNotice& notice = *plan.recording.mutable_notice();
  notice.mutable_prompt()->set_text("This is recorded.");
  if (draw.OneIn(2)) return;
  // Who presses keys in captures begins with 1.
  notice.set_refusing_key(draw.OneIn(2) ? "1" : "9");
  *notice.mutable_refusal_timeout() = base::ToProtoDuration(draw.Between(seconds(1), seconds(4)));
  if (draw.OneIn(2)) notice.set_refusal(v1::RecordingNotice::REFUSAL_END);
}

}  // namespace

bool IsRecorded(const Plan& plan) {
  return plan.recording.mode() != v1::RECORDING_MODE_UNSPECIFIED ||
         plan.recordings_every.count() > 0;
}

Plan DrawPlan(std::uint64_t seed) {
  if (seed >= kJudgedFrom && seed < kWishesFrom) return DrawJudgedPlan(seed);
  Plan plan = DrawSwarm(seed);
  DrawLater(plan);
  if (seed >= kAmbushesFrom) LieInAmbush(plan);
  if (seed >= kCrowdsFrom) AddCrowds(plan);
  if (seed >= kWishesFrom) AddWishes(plan);
  if (seed >= kSoundsFrom) AddSounds(plan);
  if (seed >= kRecordingsFrom) AddRecordings(plan);
  if (seed >= kNoticesFrom) AddNotices(plan);
  return plan;
}

std::vector<Plan> Smaller(const Plan& plan) {
  std::vector<Plan> smaller;
  AddWithoutEach(plan, &Plan::ambushes, smaller);
  AddWithoutEach(plan, &Plan::outages, smaller);
  AddWithoutEach(plan, &Plan::storms, smaller);
  AddWithoutEach(plan, &Plan::faults, smaller);
  AddWithoutEach(plan, &Plan::switches, smaller);
  AddWithoutEach(plan, &Plan::delays, smaller);
  if (plan.bridges.size() > 1) AddWithoutEachBridge(plan, smaller);
  if (plan.servers.size() > 1) AddWithoutEach(plan, &Plan::servers, smaller);
  for (std::size_t i = 0; i < plan.servers.size(); ++i) {
    for (std::size_t step = 0; step < plan.servers[i].clock_steps.size(); ++step) {
      smaller.push_back(plan);
      auto& steps = smaller.back().servers[i].clock_steps;
      steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(step));
    }
    for (const auto& [step, trouble] : plan.servers[i].troubles) {
      smaller.push_back(plan);
      smaller.back().servers[i].troubles.erase(step);
    }
    if (plan.servers[i].skew.count() == 0) continue;
    smaller.push_back(plan);
    smaller.back().servers[i].skew = {};
  }
  for (std::size_t i = 0; i < plan.bridges.size(); ++i) {
    if (plan.bridges[i].caller_leaves.count() > 0) {
      smaller.push_back(plan);
      smaller.back().bridges[i].caller_leaves = {};
    }
    if (plan.bridges[i].end_asked.count() > 0) {
      smaller.push_back(plan);
      smaller.back().bridges[i].end_asked = {};
    }
  }
  const auto without = [&](auto change) {
    smaller.push_back(plan);
    change(smaller.back());
  };
  if (plan.wishes_every.count() > 0) without([](Plan& less) { less.wishes_every = {}; });
  if (plan.sounds_every.count() > 0) without([](Plan& less) { less.sounds_every = {}; });
  if (plan.recordings_every.count() > 0) without([](Plan& less) { less.recordings_every = {}; });
  if (plan.recording.ByteSizeLong() > 0) without([](Plan& less) { less.recording.Clear(); });
  if (plan.latency_max.count() > 0) without([](Plan& less) { less.latency_max = {}; });
  if (plan.store_takes_max.count() > 0) without([](Plan& less) { less.store_takes_max = {}; });
  if (plan.readers > 0) without([](Plan& less) { less.readers = 0; });
  if (plan.ingresses > 1) without([](Plan& less) { less.ingresses = 1; });
  if (plan.repeats) without([](Plan& less) { less.repeats = false; });
  if (plan.rubbish) without([](Plan& less) { less.rubbish = false; });
  if (plan.forged) without([](Plan& less) { less.forged = false; });
  if (plan.neighbours) without([](Plan& less) { less.neighbours = false; });
  return smaller;
}

}  // namespace callbridge::simulation
