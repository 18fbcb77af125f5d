// The rules of the ledger: PENDING → IN_FLIGHT → DONE | REFUSED | NOT_SENT | UNKNOWN, PENDING →
// NOT_SENT if its time passes first, and PENDING or NOT_SENT → CANCELLED by a commit of its session
// (commit.h). A commit that issues a further attempt makes a settled command PENDING again. Every
// function here that changes a command's status also appends the input that tells its session, in
// the same transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/store/ledger.h"
#include "server/store/rules/draft.h"
#include "server/store/work.h"

namespace callbridge::store {

// Returns the queue of the command's leg, or the empty queue of the conference. Absent means that
// the command overtakes.
std::optional<std::string> QueueOf(const internal::v1::Command& command);
CommandRow MakeCommandRow(SessionKey session, const internal::v1::Command& command,
                          CommandStatus status, base::Time now);

// Implements Ledger::PendingCommands.
std::vector<internal::v1::Command> PendingCommands(View& tables, base::Time now, int class_limit);

// Implements Ledger::MayLeaveAtOnce.
std::vector<internal::v1::Command> MayLeaveAtOnce(View& tables,
                                                  const std::vector<SessionCommit>& commits,
                                                  base::Time now);
// Returns ABORTED if a command that the commit takes may not leave yet.
absl::Status CheckTaken(const Draft& tables, SessionKey session, const SessionCommit& commit,
                        base::Time now);

std::vector<CommandKey> TakeCommands(Transaction& tables, const std::vector<CommandKey>& keys,
                                     base::Time now, base::Time send_by);
std::vector<absl::Status> SettleCommands(Transaction& tables,
                                         const std::vector<Settlement>& settlements,
                                         base::Time now);

// Makes every command in flight unknown, and returns their number.
int MakeInFlightUnknown(Transaction& tables, base::Time now);

CommandKey KeyOf(const CommandRow& row);

}  // namespace callbridge::store
