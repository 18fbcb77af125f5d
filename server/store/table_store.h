// The store over an engine: turns each method of the interface into one transaction of the rules.
// Holds no state of its own but the store's id and the listeners.
#pragma once

#include <memory>
#include <string>

#include "server/store/listeners.h"
#include "server/store/store.h"
#include "server/store/tables.h"

namespace callbridge::store {

// Gives the store its id if it has none.
absl::StatusOr<std::unique_ptr<Store>> MakeTableStore(std::unique_ptr<Engine> engine);

}  // namespace callbridge::store
