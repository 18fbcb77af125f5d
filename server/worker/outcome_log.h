// The log line that each session writes once about its outcome.
#pragma once

#include "server/store/work.h"

namespace callbridge::worker {

// Writes the line if this commit has decided the outcome, and a warning before it if the provider's
// error may be the operator's fault. The worker calls it after the commit.
void LogOutcome(const store::SessionCommit& commit);

}  // namespace callbridge::worker
