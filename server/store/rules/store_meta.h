// What the store remembers of itself: who it is, whose it is, and whether a server runs on it.
#pragma once

#include <absl/status/status.h>

#include <string>

#include "server/store/tables.h"

namespace callbridge::store {

// It gets an id if it has none.
std::string StoreIdOf(Transaction& tables);
// From now on it is another store: what was given out with the old id does not fit any more. Before
// MakeTableStore.
void RenewStoreId(View& tables, WriteSet& changes);

// FAILED_PRECONDITION: it belongs to another service.
absl::Status ClaimServiceId(Transaction& tables, const std::string& service_id);

// True: the run before did not end in order.
bool BeginRun(Transaction& tables);
void EndRun(Transaction& tables);

}  // namespace callbridge::store
