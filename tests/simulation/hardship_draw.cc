#include "tests/simulation/hardship_draw.h"

#include <array>
#include <chrono>

#include "tests/simulation/draw.h"
#include "tests/simulation/judged_course.h"
#include "tests/simulation/judged_draw.h"

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

// One look at something that is there answers 404. Most are asked where nothing was told for a
// while.
void HideOnce(Draw& draw, Plan& plan) {
  constexpr std::array kPhases = {"answering_caller", "dialing_caller", "joining_caller",
                                  "greeting",         "dialing_callee", "dialing_callee",
                                  "stopping_music",   "announcing",     "connected",
                                  "connected",        "apologizing",    "ending"};
  Ambush ambush;
  ambush.fault = "not-found";
  ambush.phase = draw.Of(kPhases);
  ambush.command = kAnything;
  if (draw.OneIn(3)) ambush.passes = 1 + static_cast<int>(draw.Below(3));
  plan.ambushes.push_back(ambush);
  // The history may say of the same thing that it lives.
  if (draw.OneIn(2)) plan.switches.emplace_back("history-has-live", "yes");
}

// More webhooks within one talk than in a hundred others.
void RaiseStorm(Draw& draw, Plan& plan) {
  Storm storm;
  storm.kind = draw.Of(std::array{Storm::Kind::kRepeated, Storm::Kind::kUnneeded});
  storm.begins = draw.Between(milliseconds(0), seconds(25));
  storm.lasts = draw.Between(milliseconds(10), seconds(20));
  storm.events = 100 + static_cast<int>(draw.Below(500));
  plan.storms.push_back(storm);
  // Here each webhook is a write of its own; the real ingress hands many over at once.
  plan.store_takes_max = {};
}

struct Situation {
  const char* phase;
  AmbushWay way;
};

void LayAt(const Situation& situation, const char* fault, base::Duration lasts, Draw& draw,
           Plan& plan) {
  plan.bridges.clear();
  plan.ambushes.clear();
  AddJudgedBridge(draw, situation.way, plan);
  Ambush ambush;
  ambush.fault = fault;
  ambush.phase = situation.phase;
  ambush.command = kAnything;
  ambush.bridge = static_cast<int>(plan.bridges.size()) - 1;
  if (draw.OneIn(2)) ambush.passes = static_cast<int>(draw.Below(4));
  ambush.lasts = lasts;
  plan.ambushes.push_back(ambush);
}

constexpr std::array kSituations = {Situation{"answering_caller", AmbushWay::kAny},
                                    Situation{"dialing_caller", AmbushWay::kRequested},
                                    Situation{"joining_caller", AmbushWay::kAny},
                                    Situation{"greeting", AmbushWay::kAny},
                                    Situation{"dialing_callee", AmbushWay::kAny},
                                    Situation{"stopping_music", AmbushWay::kAnswered},
                                    Situation{"announcing", AmbushWay::kAnswered},
                                    Situation{"connected", AmbushWay::kAnswered},
                                    Situation{"apologizing", AmbushWay::kBusy}};

// A server or an ingress is not there for so long that webhooks are lost for good.
void TakeAway(Draw& draw, Plan& plan) {
  constexpr std::array kFaults = {"crash-before", "crash-after", "sleep-before", "sleep-after",
                                  "ingress-down"};
  const Situation situation = draw.Of(kSituations);
  LayAt(situation, draw.Of(kFaults), draw.Between(kPauseMax, seconds(60)), draw, plan);
  if (draw.OneIn(3)) AddJudgedBridge(draw, AmbushWay::kAny, plan);
}

// Somebody hangs up, at once or a little later in the same phase; and at most one fault strikes.
void HangUp(Draw& draw, Plan& plan) {
  constexpr std::array kOfCallee = {Situation{"dialing_callee", AmbushWay::kUnanswered},
                                    Situation{"dialing_callee", AmbushWay::kAnswered},
                                    Situation{"stopping_music", AmbushWay::kAnswered},
                                    Situation{"announcing", AmbushWay::kAnswered},
                                    Situation{"connected", AmbushWay::kTalkative}};
  const bool callee = draw.OneIn(3);
  Situation situation = callee ? draw.Of(kOfCallee) : draw.Of(kSituations);
  if (!callee && draw.OneIn(10)) situation = {"offered", AmbushWay::kOffered};
  const base::Duration later = draw.OneIn(2) ? draw.Between(milliseconds(0), milliseconds(300))
                                             : draw.Between(milliseconds(0), seconds(6));
  LayAt(situation, callee ? "callee-hangs-up" : "caller-hangs-up", later, draw, plan);
  if (draw.OneIn(2)) LayAnyFault(situation.way, draw, plan);
}

}  // namespace

void AddHardship(Plan& plan) {
  Draw draw(plan.seed * 0x94d049bb133111ebU + 0x2545f491U);
  switch (draw.Below(5)) {
    case 0:
      SetClocks(draw, plan);
      break;
    case 1:
      HideOnce(draw, plan);
      break;
    case 2:
      TakeAway(draw, plan);
      break;
    case 3:
      HangUp(draw, plan);
      break;
    default:
      RaiseStorm(draw, plan);
      break;
  }
}

}  // namespace callbridge::simulation
