// The line about its outcome that every session writes into the log once.
#pragma once

#include "server/store/work.h"

namespace callbridge::worker {

// To be called after the commit. It writes the line if this commit has decided the outcome.
void LogOutcome(const store::SessionCommit& commit);

}  // namespace callbridge::worker
