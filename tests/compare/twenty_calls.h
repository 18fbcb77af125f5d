// The people of the comparison: twenty callers, what each does, what the one who is called does,
// and how that has to end. The same for a seed, whoever bridges them; the mix is always the same,
// when each calls is drawn.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/base/time.h"
#include "tests/simulator/model.h"

namespace callbridge::compare {

inline constexpr int kCalls = 20;

enum class Ending {
  // The two talk until one of them hangs up.
  kTalk,
  // The caller is told that nobody is there, and hung up.
  kApology,
  // The caller hangs up before anybody answers.
  kLeft,
};

struct PlannedCall {
  // Since the beginning of the world.
  base::Duration begins{};
  // tests/simulator/people.h.
  std::string callee;
  // The caller hangs up so long after the call began. Zero: does not.
  base::Duration leaves{};
  Ending ending = Ending::kTalk;
};

std::vector<PlannedCall> TwentyCalls(std::uint64_t seed);

// Of the simulator: name, value.
using Faults = std::vector<std::pair<std::string, std::string>>;

// What the comparison is about, and the sunshine.
Faults RoughWeather();
Faults Sunshine();

// Tells the provider what the people who are called do.
void SetPeople(simulator::Model& model, const std::vector<PlannedCall>& calls);

// The caller of this index calls, and then the faults are on. The first webhook of a call is never
// lost: without it nobody can know that there is a call.
void BeginCall(simulator::Model& model, const PlannedCall& call, int index, const Faults& faults,
               base::Time now);

}  // namespace callbridge::compare
