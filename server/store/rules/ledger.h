// The rules of the ledger: PENDING → IN_FLIGHT → DONE | REFUSED | NOT_SENT | UNKNOWN, or PENDING →
// CANCELLED. Whatever changes a command's status here appends the input that tells its session, in
// the same transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/store/tables.h"

namespace callbridge::store {

// The queue of its leg, or of the conference (empty). Absent: the command overtakes.
std::optional<std::string> QueueOf(const internal::v1::Command& command);
CommandRow MakeCommandRow(SessionKey session, const internal::v1::Command& command,
                          CommandStatus status, base::Time now);

// As in store.h.
std::vector<internal::v1::Command> PendingCommands(View& tables, base::Time now, int lane_limit);

// False: it is not pending with this attempt any more.
bool TakeCommand(Transaction& tables, const CommandKey& key, base::Time now, base::Time send_by);

// NOT_FOUND: this attempt is not in flight; nothing was changed.
absl::Status SettleCommand(Transaction& tables, const Settlement& settlement, base::Time now);

// Every command in flight becomes unknown. Returns how many.
int MakeInFlightUnknown(Transaction& tables, base::Time now);

CommandKey KeyOf(const CommandRow& row);

}  // namespace callbridge::store
