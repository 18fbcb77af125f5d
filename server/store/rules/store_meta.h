// What the store remembers of itself: its id, the service that owns it, and whether a server runs
// on it.
#pragma once

#include <absl/status/status.h>

#include <string>

#include "server/store/tables.h"

namespace callbridge::store {

// Returns the store's id, and makes one if there is none.
std::string StoreIdOf(Transaction& tables);
// Gives the store a new id, so that tokens given out with the old id are refused. It must be called
// before MakeTableStore.
void RenewStoreId(View& tables, WriteSet& changes);

// Returns FAILED_PRECONDITION if the store belongs to another service.
absl::Status ClaimServiceId(Transaction& tables, const std::string& service_id);

// Begins a run. Returns true if the run before did not end in order.
bool BeginRun(Transaction& tables);
void EndRun(Transaction& tables);

}  // namespace callbridge::store
