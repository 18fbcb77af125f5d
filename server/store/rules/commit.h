// The rules of a commit: its conditions, and everything that it changes. All conditions are checked
// before the first change.
#pragma once

#include <vector>

#include "server/store/rules/draft.h"
#include "server/store/work.h"

namespace callbridge::store {

// Checks and applies the steps of each session. Returns a status for each commit, with the errors
// ABORTED and INVALID_ARGUMENT of work.h; a commit with an error has changed no row.
std::vector<absl::Status> Commit(Transaction& tables, const std::vector<SessionCommit>& commits,
                                 base::Time now);

}  // namespace callbridge::store
