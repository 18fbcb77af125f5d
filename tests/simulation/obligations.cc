#include "tests/simulation/obligations.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace callbridge::simulation {

void Obligations::Check(base::Time now, const std::optional<base::Time>& calm_since,
                        Violations& violations) {
  std::erase_if(open_, [](const Obligation& obligation) { return obligation.fulfilled(); });
  if (!calm_since) return;
  std::erase_if(open_, [&](const Obligation& obligation) {
    const base::Time since = std::max(obligation.since, *calm_since);
    if (now <= since + obligation.bound) return false;
    const std::int64_t late =
        std::chrono::duration_cast<std::chrono::milliseconds>(now - since).count();
    violations.Add(now, obligation.invariant,
                   obligation.what + ": not yet after " + std::to_string(late) + " ms");
    return true;
  });
}

}  // namespace callbridge::simulation
