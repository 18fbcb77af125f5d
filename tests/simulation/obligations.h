// Promises with a time: something has happened, and something else has to follow within a bound.
// Outages are added to every bound, so the time counts from when all was well again.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/base/time.h"
#include "tests/simulation/violations.h"

namespace callbridge::simulation {

struct Obligation {
  int invariant = 0;
  std::string what;
  base::Time since;
  base::Duration bound{};
  std::function<bool()> fulfilled;
};

class Obligations {
 public:
  void Add(Obligation obligation) { open_.push_back(std::move(obligation)); }

  // calm_since: since when no outage is under way; absent: one is.
  void Check(base::Time now, const std::optional<base::Time>& calm_since, Violations& violations);
  std::size_t open() const { return open_.size(); }

 private:
  std::vector<Obligation> open_;
};

}  // namespace callbridge::simulation
