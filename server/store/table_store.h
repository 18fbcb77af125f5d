// The store over an engine: each method of the interface becomes one transaction of the rules. Its
// only state is the store's id and the listeners.
#pragma once

#include <memory>
#include <string>

#include "server/store/listeners.h"
#include "server/store/store.h"
#include "server/store/tables.h"

namespace callbridge::store {

// Makes the store, and gives it an id if it has none.
absl::StatusOr<std::unique_ptr<Store>> MakeTableStore(std::unique_ptr<Engine> engine);

}  // namespace callbridge::store
