// The ledger: the role of the store that knows where each command is, so that each leaves once.
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

// What came of a command in flight.
struct Settlement {
  std::string session_id;
  internal::v1::CommandResult result;
};

// Thread-safe; errors as in store.h.
class Ledger {
 public:
  virtual ~Ledger() = default;

  // Returns pending commands that may leave: their not_before_time has come. Those about one leg
  // (or about the conference) go one at a time and in the order of their numbers; hangups,
  // stop-plays and looks overtake them. Up to lane_limit come from each account and operation, so
  // that the commands of one hide none of another.
  // Hangups and stop-plays come first, then looks, then all others except those that wait for
  // scarce tokens, then conferences to create, dials of callees and dials of callers, and routine
  // looks last. Equals come by the age of the waiting caller, or else of the command.
  virtual absl::StatusOr<std::vector<internal::v1::Command>> PendingCommands(base::Time now,
                                                                             int lane_limit) = 0;

  // Returns when the earliest pending command with a not_before_time after now may go. Absent:
  // there is none.
  virtual absl::StatusOr<std::optional<base::Time>> NextCommandTime(base::Time now) = 0;

  // Returns which of the commands that the commits issue may leave together with them, in the order
  // in which PendingCommands would offer them. Nothing is before them on their leg once their
  // commit is stored, their time has come, and no command waits that would leave before them at the
  // rate of the same operation. It reads only: the caller asks for tokens, and names what it takes
  // in taken_commands.
  virtual absl::StatusOr<std::vector<internal::v1::Command>> MayLeaveAtOnce(
      const std::vector<SessionCommit>& commits, base::Time now) = 0;

  // Marks those commands as in flight that are still pending with this attempt, and appends a
  // CommandTaken to the inbox of their sessions, in one transaction. Returns which it has marked.
  // Their first byte may leave only after this call has returned. The caller promises that nothing
  // leaves after send_by.
  virtual absl::StatusOr<std::vector<CommandKey>> TakeCommands(const std::vector<CommandKey>& keys,
                                                               base::Time now,
                                                               base::Time send_by) = 0;

  // Records what came of commands in flight and appends each result to the inbox of its session, in
  // one transaction. Returns a status for each settlement. NOT_FOUND: the command is not in flight
  // with this attempt; nothing is changed.
  virtual absl::StatusOr<std::vector<absl::Status>> SettleCommands(
      const std::vector<Settlement>& settlements, base::Time now) = 0;

  // Settles every command in flight as unknown. The only server of the store calls it at its start,
  // when no answer can come any more. Returns how many commands there were.
  virtual absl::StatusOr<int> MakeInFlightUnknown(base::Time now) = 0;

  // Returns the commands that were taken before this moment and are still in flight, for the watch
  // over invariant 17.
  virtual absl::StatusOr<std::vector<CommandKey>> InFlightSince(base::Time before) = 0;
};

}  // namespace callbridge::store
