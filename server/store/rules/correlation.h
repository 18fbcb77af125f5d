// The rules of the inbox: to which session an input belongs, which input is a duplicate, which is
// parked and which session receives it later. Pure over a transaction, so each change happens
// completely or not at all.
#pragma once

#include <string>
#include <vector>

#include "server/store/inbox.h"
#include "server/store/rules/draft.h"

namespace callbridge::store {

// Claims, correlates and stores the inputs.
std::vector<Appended> AppendInputs(Transaction& tables, const std::vector<NewInput>& inputs,
                                   base::Time now);

// Makes the draft drop parked inputs that are too old or too many.
void DropOldParked(Draft& tables, base::Time now);

// Makes the reference lead to the session, unless it leads to another one, and moves the parked
// inputs that wait for it to the session's inbox.
void GiveReference(Draft& tables, SessionKey session, const std::string& reference);

}  // namespace callbridge::store
