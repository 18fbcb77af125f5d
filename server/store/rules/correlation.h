// The rules of the inbox: which session an input belongs to, what is a duplicate, what is parked
// and who gets it later. Pure over a transaction: everything here happens whole or not at all.
#pragma once

#include <string>

#include "server/store/tables.h"

namespace callbridge::store {

// Claims, correlates and stores one input.
Appended AppendInput(Transaction& tables, const NewInput& input, base::Time now);

// Makes the reference lead to the session, unless it leads to another one, and moves the parked
// inputs that wait for it to the session's inbox.
void GiveReference(Transaction& tables, SessionKey session, const std::string& reference);

}  // namespace callbridge::store
