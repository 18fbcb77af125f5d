// The end of what the store no longer keeps.
#pragma once

#include "server/base/time.h"
#include "server/store/rules/draft.h"

namespace callbridge::store {

// Drops a few sessions that have expired, with their terms and all that belongs to them. Returns
// true if more sessions may have expired.
bool DropExpired(Transaction& tables, base::Time now, Draft& draft);

}  // namespace callbridge::store
