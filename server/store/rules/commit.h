// The rules of a commit: what it is conditional on, and all that it changes. A commit that may not
// happen is found out before the first change.
#pragma once

#include <vector>

#include "server/store/rules/draft.h"
#include "server/store/work.h"

namespace callbridge::store {

// Checks and applies the steps of each session. A status for each: ABORTED and INVALID_ARGUMENT as
// in work.h; then nothing of it was changed.
std::vector<absl::Status> Commit(Transaction& tables, const std::vector<SessionCommit>& commits,
                                 base::Time now);

}  // namespace callbridge::store
