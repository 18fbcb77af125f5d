// One bridge of a judged world and all that is known of it: what the service told, what was true at
// the provider, and what struck it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/time.h"
#include "tests/simulation/judged_course.h"

namespace callbridge::simulation {

struct JudgedBridge {
  int index = 0;
  const BridgePlan* plan = nullptr;
  std::vector<const WatchedSession*> sessions;
  // Of both people.
  std::vector<const simulator::Call*> calls;
  std::vector<const Mishap*> mishaps;

  bool Has(const std::string& call_id) const;
  // Its people's calls, the oldest first.
  std::vector<const simulator::Call*> CallsOf(const std::string& number) const;
};

JudgedBridge Gather(const Evidence& evidence, int index);

// The request had no effect.
bool IsNotDone(const Mishap& mishap);
// How many requests of the command may have come to nothing. A server that stops may lose any one.
int MayBeLost(const JudgedBridge& bridge, std::string_view command);
// The service may not have learned of the call, or not before the caller gave up.
bool MayBeUnknown(const JudgedBridge& bridge);

// For how long caller and callee were joined in one conference at once, by the provider's truth.
base::Duration TalkOf(const JudgedBridge& bridge, const Evidence& evidence);

}  // namespace callbridge::simulation
