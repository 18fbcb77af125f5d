// The store in memory, for tests, simulations and trials. It keeps every promise of store.h, except
// that its content ends with the process.
#pragma once

#include <memory>
#include <vector>

#include "server/store/store.h"
#include "server/store/tables.h"

namespace callbridge::store {

std::unique_ptr<Store> MakeMemoryStore();

// The engine behind it, for tests that inject faults. table_store.h makes a store from it.
std::unique_ptr<Engine> MakeMemoryEngine();

// Engines over one memory, like those of several servers over one database. A change by one engine
// is a foreign change for all others.
std::vector<std::unique_ptr<Engine>> MakeMemoryReplicas(int count);

}  // namespace callbridge::store
