// What every commit of a session must keep: invariants 1, 3 to 6, 15, 16 and 27 and the
// rules of proof, checked against what was durable before it.
#pragma once

#include "server/store/store.h"
#include "tests/simulation/chronicle.h"
#include "tests/simulation/violations.h"

namespace callbridge::simulation {

// before: as it was. The commit was accepted by the store.
void CheckCommit(const WatchedSession& before, const store::SessionCommit& commit, base::Time now,
                 Violations& violations);

}  // namespace callbridge::simulation
