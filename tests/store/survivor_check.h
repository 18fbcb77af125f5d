// Looks into the file of a store, row by row, for what must be true after any accident: every
// promise of witnessed_store.h is kept, and nothing is half there. It changes nothing.
#pragma once

#include <string>
#include <vector>

#include "server/store/sqlite/connection.h"

namespace callbridge::store {

// The promises that the file does not keep, each with what it says instead. Empty: all are kept.
std::vector<std::string> BrokenPromises(Connection& connection,
                                        const std::vector<std::string>& promises);

// What does not fit together: pages, gaps in steps, events and feed, a ledger that says other than
// its session and its inputs, a session that is not the fold of its inputs. Empty: all is well.
std::vector<std::string> Inconsistencies(Connection& connection);

}  // namespace callbridge::store
