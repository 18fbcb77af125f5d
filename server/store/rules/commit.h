// The rules of a commit: what it is conditional on, and all that it changes. A commit that may not
// happen is found out before the first change.
#pragma once

#include <vector>

#include "server/store/tables.h"

namespace callbridge::store {

// Checks and applies one session's steps. Its events are added to events, which the caller gives to
// the engine as the transaction's last operation. ABORTED and INVALID_ARGUMENT as in store.h; then
// nothing was changed.
absl::Status CommitSession(Transaction& tables, const SessionCommit& commit, base::Time now,
                           std::vector<EventRow>& events);

}  // namespace callbridge::store
