#include "tests/compare/comparison.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "server/base/clock.h"
#include "server/base/log.h"
#include "tests/compare/obvious_bridge.h"
#include "tests/simulation/agenda.h"
#include "tests/simulation/world.h"
#include "tests/simulation/world_settings.h"

namespace callbridge::compare {
namespace {

using std::chrono::minutes;

// Long after everything ought to be over.
constexpr minutes kWatched{15};

simulation::Plan PlanOf(std::uint64_t seed, const Faults& faults) {
  simulation::Plan plan;
  plan.seed = seed;
  plan.faults = faults;
  plan.calm_after = kWatched;
  return plan;
}

}  // namespace

std::vector<Mistake> ServedByCallbridge(std::uint64_t seed, const Faults& faults,
                                        std::vector<std::string>* violations) {
  // Its warnings about lost webhooks are not what is compared.
  const base::LogCapture log;
  simulation::World world(PlanOf(seed, faults));
  const std::vector<PlannedCall> calls = TwentyCalls(seed);
  SetPeople(world.model(), calls);
  for (int index = 0; index < kCalls; ++index) {
    const PlannedCall& call = calls[static_cast<std::size_t>(index)];
    world.After(call.begins, [&world, &call, &faults, index] {
      BeginCall(world.model(), call, index, faults, world.now());
    });
  }
  world.Run(kWatched);
  int ended = 0;
  for (const auto& [session_id, watched] : world.checker().chronicle().sessions) {
    ended += watched.ended() ? 1 : 0;
  }
  if (violations != nullptr) *violations = world.checker().violations().found();
  return CountMistakes(calls, world.model().world(), ended);
}

std::vector<Mistake> ServedTheObviousWay(std::uint64_t seed, const Faults& faults) {
  base::ManualClock clock{std::chrono::sys_days(std::chrono::year(2026) / 1 / 15)};
  simulation::Agenda agenda;
  simulator::Model model(simulation::SimulatorSettings(PlanOf(seed, faults)));
  model.Advance(clock.Now());
  const base::Time end = clock.Now() + kWatched;
  const std::vector<PlannedCall> calls = TwentyCalls(seed);
  SetPeople(model, calls);
  std::map<std::string, std::string> callees;
  for (int index = 0; index < kCalls; ++index) {
    callees[simulation::RoutedNumber(index)] = simulation::CalleeNumber(index);
    const PlannedCall& call = calls[static_cast<std::size_t>(index)];
    agenda.At(clock.Now() + call.begins, [&model, &call, &faults, &clock, index] {
      BeginCall(model, call, index, faults, clock.Now());
    });
  }
  ObviousBridge bridge(model, agenda, clock, std::move(callees));
  while (true) {
    for (const simulator::Delivery& event : model.Advance(clock.Now())) bridge.OnEvent(event);
    while (const simulation::Agenda::Action action = agenda.TakeDue(clock.Now())) action();
    const base::Time next =
        std::min(model.NextTime().value_or(end), agenda.NextTime().value_or(end));
    if (next >= end) break;
    clock.Set(std::max(next, clock.Now()));
  }
  clock.Set(end);
  model.Advance(end);
  return CountMistakes(calls, model.world(), bridge.ended());
}

std::string Table(std::uint64_t seed) {
  const std::vector<Mistake> obvious = ServedTheObviousWay(seed, RoughWeather());
  const std::vector<Mistake> ours = ServedByCallbridge(seed, RoughWeather());
  std::string text = absl::StrFormat(
      "Twenty bridges, seed %d. Of the webhooks 20 %% come twice, 30 %% out of order and 5 %% "
      "never (but the one\nthat tells of a call does); of the answers to requests 30 %% come "
      "after the events that they caused.\n\n"
      "%-28s%15s%12s   %s\n",
      seed, "", "the obvious way", "Callbridge", "what it means");
  for (std::size_t row = 0; row < obvious.size(); ++row) {
    absl::StrAppendFormat(&text, "%-28s%15d%12d   %s\n", obvious[row].what, obvious[row].count,
                          ours[row].count, obvious[row].meaning);
  }
  absl::StrAppendFormat(&text, "%-28s%15d%12d\n", "all mistakes", Sum(obvious), Sum(ours));
  return text;
}

}  // namespace callbridge::compare
