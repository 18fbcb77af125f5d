#include "tests/compare/twenty_calls.h"

#include <absl/status/status.h>

#include <array>
#include <chrono>
#include <optional>

#include "server/base/check.h"
#include "tests/simulation/world_settings.h"
#include "tests/simulator/random.h"

namespace callbridge::compare {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Kind {
  const char* callee;
  seconds leaves;
  Ending ending;
};

// Twice each. Nobody's moment is near another's, so that a second more or less changes no ending.
constexpr std::array kKinds = {
    Kind{"answers:3,hangs-up:20", seconds(0), Ending::kTalk},
    Kind{"busy:0", seconds(0), Ending::kApology},
    Kind{"answers:8,hangs-up:40", seconds(0), Ending::kTalk},
    Kind{"never-answers", seconds(0), Ending::kApology},
    Kind{"answers:4,hangs-up:90", seconds(45), Ending::kTalk},
    Kind{"rejects", seconds(0), Ending::kApology},
    Kind{"answers:2,hangs-up:30", seconds(1), Ending::kLeft},
    Kind{"answers:2,hangs-up:15", seconds(0), Ending::kTalk},
    Kind{"never-answers", seconds(8), Ending::kLeft},
    Kind{"answers:9,hangs-up:60", seconds(6), Ending::kLeft},
};
static_assert(kCalls == 2 * kKinds.size());

void RequireOk(const absl::Status& status) {
  base::Check(status.ok(), std::string(status.message()).c_str());
}

}  // namespace

std::vector<PlannedCall> TwentyCalls(std::uint64_t seed) {
  simulator::Random random(seed);
  std::vector<PlannedCall> calls;
  for (int index = 0; index < kCalls; ++index) {
    const Kind& kind = kKinds[static_cast<std::size_t>(index) % kKinds.size()];
    const base::Duration begins = seconds(index) + random.UpTo(milliseconds(900));
    calls.push_back({begins, kind.callee, kind.leaves, kind.ending});
  }
  return calls;
}

Faults RoughWeather() {
  return {
      {"duplicate", "0.2"}, {"reorder", "0.3"}, {"drop", "0.05"}, {"event-before-response", "0.3"}};
}

Faults Sunshine() { return {}; }

void SetPeople(simulator::Model& model, const std::vector<PlannedCall>& calls) {
  for (int index = 0; index < kCalls; ++index) {
    RequireOk(model.SetPerson(simulation::CalleeNumber(index),
                              calls[static_cast<std::size_t>(index)].callee));
  }
}

void BeginCall(simulator::Model& model, const PlannedCall& call, int index, const Faults& faults,
               base::Time now) {
  std::optional<base::Duration> leaves;
  if (call.leaves.count() > 0) leaves = call.leaves;
  RequireOk(model.SetFault("drop", "0"));
  model.StartIncomingCall(
      {simulation::CallerNumber(index), simulation::RoutedNumber(index), leaves, ""}, now);
  for (const auto& [name, value] : faults) RequireOk(model.SetFault(name, value));
}

}  // namespace callbridge::compare
