// The ledger: the role of the store that knows the status of each command, so that each leaves
// once.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/time.h"
#include "server/store/work.h"

namespace callbridge::store {

struct CommandKey {
  std::string session_id;
  std::int32_t number = 0;
  std::int32_t attempt = 0;

  auto operator<=>(const CommandKey&) const = default;
};

// The result of a command that was in flight.
struct Settlement {
  std::string session_id;
  internal::v1::CommandResult result;
};

// Thread-safe. Errors are described in store.h.
class Ledger {
 public:
  virtual ~Ledger() = default;

  // Returns pending commands that may leave, because their not_before_time has come. Commands about
  // one leg (or about the conference) leave one at a time, in the order of their numbers. Some
  // kinds overtake them (base/command_kinds.h): hangups, stop-plays, looks, send-ringing and
  // changes of who hears whom. Each account and operation gives up to class_limit commands, so that
  // one operation's commands hide none of another's.
  //
  // Hangups and stop-plays come first, then looks, then ordinary commands. Those that wait for
  // scarce tokens follow: conferences to create, dials of callees, dials of callers. Routine looks
  // come last. Equals are ordered by the age of the waiting caller, or otherwise of the command.
  virtual absl::StatusOr<std::vector<internal::v1::Command>> PendingCommands(base::Time now,
                                                                             int class_limit) = 0;

  // Returns when the earliest pending command with a not_before_time after `now` may leave. Absent
  // means that there is none.
  virtual absl::StatusOr<std::optional<base::Time>> NextCommandTime(base::Time now) = 0;

  // Returns which of the commands that the commits issue may leave together with them, in the order
  // in which PendingCommands would offer them. Such a command is the first on its leg once its
  // commit is stored, and its time has come. No pending command would leave before it at the rate
  // of the same operation. The method only reads: the caller asks for tokens, and names what it
  // takes in taken_commands.
  virtual absl::StatusOr<std::vector<internal::v1::Command>> MayLeaveAtOnce(
      const std::vector<SessionCommit>& commits, base::Time now) = 0;

  // Marks the commands that are still pending with this attempt as in flight. In the same
  // transaction it appends a CommandTaken to the inbox of their sessions. Returns the commands that
  // it has marked. Their first byte may leave only after this call has returned. The caller
  // promises that no byte leaves after send_by.
  virtual absl::StatusOr<std::vector<CommandKey>> TakeCommands(const std::vector<CommandKey>& keys,
                                                               base::Time now,
                                                               base::Time send_by) = 0;

  // Stores the results of commands in flight and appends each result to the inbox of its session,
  // in one transaction. Returns a status for each settlement. NOT_FOUND means that the command is
  // not in flight with this attempt, and that its session is unchanged.
  virtual absl::StatusOr<std::vector<absl::Status>> SettleCommands(
      const std::vector<Settlement>& settlements, base::Time now) = 0;

  // Settles every command in flight as unknown, and returns their number. The only server of the
  // store calls it at its start, when answers can no longer come.
  virtual absl::StatusOr<int> MakeInFlightUnknown(base::Time now) = 0;

  // Returns the commands that were taken before this moment and are still in flight. The worker
  // uses it to hold invariant 17.
  virtual absl::StatusOr<std::vector<CommandKey>> InFlightSince(base::Time before) = 0;
};

}  // namespace callbridge::store
