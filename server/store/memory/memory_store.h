// The store in memory: the twin of the durable engines for tests, simulations and trying things out. It keeps every promise
// of store.h but that of outliving the process.
#pragma once

#include <memory>

#include "server/store/store.h"

namespace callbridge::store {

std::unique_ptr<Store> MakeMemoryStore();

}  // namespace callbridge::store
