// The store in memory: the twin of the durable engines for tests, simulations and trying things
// out. It keeps every promise of store.h but that of outliving the process.
#pragma once

#include <memory>
#include <vector>

#include "server/store/store.h"
#include "server/store/tables.h"

namespace callbridge::store {

std::unique_ptr<Store> MakeMemoryStore();

// What stands behind it, for tests that put faults in between (table_store.h makes a store of it).
std::unique_ptr<Engine> MakeMemoryEngine();

// Engines over one memory, as those of several servers over one database: what one of them changes
// is a foreign change to all others.
std::vector<std::unique_ptr<Engine>> MakeMemoryReplicas(int count);

}  // namespace callbridge::store
