// The rules of the ledger: PENDING → IN_FLIGHT → DONE | REFUSED | NOT_SENT | UNKNOWN, or PENDING →
// CANCELLED. Whatever changes a command's status here appends the input that tells its session, in
// the same transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/store/ledger.h"
#include "server/store/rules/draft.h"
#include "server/store/work.h"

namespace callbridge::store {

// The queue of its leg, or of the conference (empty). Absent: the command overtakes.
std::optional<std::string> QueueOf(const internal::v1::Command& command);
CommandRow MakeCommandRow(SessionKey session, const internal::v1::Command& command,
                          CommandStatus status, base::Time now);

// As in store.h.
std::vector<internal::v1::Command> PendingCommands(View& tables, base::Time now, int lane_limit);

// As in store.h.
std::vector<internal::v1::Command> MayLeaveAtOnce(View& tables,
                                                  const std::vector<SessionCommit>& commits,
                                                  base::Time now);
// ABORTED: a command that the commit takes may not leave yet.
absl::Status CheckTaken(const Draft& tables, SessionKey session, const SessionCommit& commit,
                        base::Time now);

std::vector<CommandKey> TakeCommands(Transaction& tables, const std::vector<CommandKey>& keys,
                                     base::Time now, base::Time send_by);
std::vector<absl::Status> SettleCommands(Transaction& tables,
                                         const std::vector<Settlement>& settlements,
                                         base::Time now);

// Every command in flight becomes unknown. Returns how many.
int MakeInFlightUnknown(Transaction& tables, base::Time now);

CommandKey KeyOf(const CommandRow& row);

}  // namespace callbridge::store
