// The rules of the ledger: PENDING → IN_FLIGHT → DONE | REFUSED | NOT_SENT | UNKNOWN, or PENDING → CANCELLED. Whatever
// changes a command's status here appends the input that tells its session, in the same transaction.
#pragma once

#include <vector>

#include "server/store/tables.h"

namespace callbridge::store {

CommandRow MakeCommandRow(SessionKey session, const internal::v1::Command& command,
                          CommandStatus status);

// False: it is not pending with this attempt any more.
bool TakeCommand(Transaction& tables, const CommandKey& key, base::Time now, base::Time send_by);

// NOT_FOUND: this attempt is not in flight; nothing was changed.
absl::Status SettleCommand(Transaction& tables, const Settlement& settlement, base::Time now);

// Every command in flight becomes unknown. Returns how many.
int ForgetInFlight(Transaction& tables, base::Time now);

CommandKey KeyOf(const CommandRow& row);

}  // namespace callbridge::store
