// The rules of the inbox: which session an input belongs to, what is a duplicate, what is parked
// and who gets it later. Pure over a transaction: everything here happens whole or not at all.
#pragma once

#include <string>
#include <vector>

#include "server/store/inbox.h"
#include "server/store/rules/draft.h"

namespace callbridge::store {

// Claims, correlates and stores the inputs.
std::vector<Appended> AppendInputs(Transaction& tables, const std::vector<NewInput>& inputs,
                                   base::Time now);

// Lets the draft drop parked inputs that are too old, or too many.
void DropOldParked(Draft& tables, base::Time now);

// Makes the reference lead to the session, unless it leads to another one, and moves the parked
// inputs that wait for it to the session's inbox.
void GiveReference(Draft& tables, SessionKey session, const std::string& reference);

}  // namespace callbridge::store
