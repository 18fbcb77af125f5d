// The work: the role of the store that hands out sessions that have work, and stores the result of
// their steps.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "callbridge/v1/event.pb.h"
#include "server/base/time.h"

namespace callbridge::store {

struct WaitingInput {
  std::int64_t input_id = 0;
  internal::v1::Input input;
};

// A session that has work.
struct DueSession {
  std::string session_id;
  // The number of commits of the session, on which Commit is conditional. 0 means that it was never
  // stepped.
  std::int64_t revision = 0;
  // The session's state. It is an empty message if the session was never stepped.
  internal::v1::Session session;
  // The waiting inputs, up to kInputsPerLoadMax: departures of commands first (CommandTaken), then
  // all others, each in order of arrival. Empty means that the session's wake time has come.
  std::vector<WaitingInput> inputs;
  // The session stands on a damaged page. The store only knows that it has work.
  bool damaged = false;
};

struct ConsumedInput {
  // The input's id. 0 means that the worker made the input (a due timer); the commit stores it, so
  // that the steps can be repeated.
  std::int64_t input_id = 0;
  // The input as it was stepped, with its step_time.
  internal::v1::Input input;
  internal::v1::Reply reply;
  bool has_reply = false;
  std::string ignored_reason;
};

// Several steps of one session, committed as one.
struct SessionCommit {
  std::string session_id;
  std::int64_t expected_revision = 0;
  internal::v1::Session session;
  std::vector<ConsumedInput> consumed;
  // The events; the flow has set their sequence.
  std::vector<callbridge::v1::SessionEvent> events;
  // Commands that become pending. A number that exists gets the new attempt.
  std::vector<internal::v1::Command> commands;
  // Numbers of commands that the commit takes in flight at once. Each is the first of its queue,
  // and its CommandTaken is among `consumed`. Their first byte may leave only after Commit has
  // returned.
  std::vector<std::int32_t> taken_commands;
  // Numbers of commands that must not have been taken in the ledger: they are pending, or their
  // time passed (NOT_SENT); otherwise the whole SessionCommit is ABORTED. A command that is also in
  // `commands` is recorded as cancelled only.
  std::vector<std::int32_t> cancelled_commands;
  // Numbers of commands that are pending or in flight, and whose effect something else has told.
  // They no longer delay the commands behind them on their leg.
  std::vector<std::int32_t> released_commands;
  std::optional<base::Time> wake_time;
};

// Thread-safe. Errors are described in store.h.
class Work {
 public:
  virtual ~Work() = default;

  // Returns up to `limit` sessions with waiting inputs, oldest input first. With include_timers,
  // sessions without inputs follow whose wake time is not after `now`. They are as many as fit into
  // `limit`, and a quarter of `limit` in any case. Sessions on damaged pages are among them.
  virtual absl::StatusOr<std::vector<DueSession>> NextSessions(base::Time now, int limit,
                                                               bool include_timers) = 0;

  // Returns the earliest wake time of all sessions. Absent means that no session has one.
  virtual absl::StatusOr<std::optional<base::Time>> NextWakeTime() = 0;

  // Counts, durably, one more attempt to step the session; the next Commit of the session resets
  // the count. Returns the number of attempts counted before: those of servers that died while they
  // stepped it, and those of this server whose commits failed. NOT_FOUND means that the session
  // does not exist.
  virtual absl::StatusOr<int> MarkStepping(const std::string& session_id) = 0;

  // Stores the commits in one transaction and returns a status for each. A commit whose status is
  // not OK has changed no row of its session.
  //
  // ABORTED means that the revision differs, or that a consumed input no longer waits. It also
  // means that a cancelled command is no longer pending, or that a taken command may not leave yet.
  // The caller then loads the session again. INVALID_ARGUMENT means that the events do not follow
  // the stored ones without gap, or that a command's attempt does not rise. That is a defect of the
  // flow, and another try would fail as well.
  //
  // The store also stores the references of the session: call ids, conference id and surplus ids in
  // the message. It moves the parked inputs that they match to the session. A session whose phase
  // is Ended expires after its retention; one without a phase expires after a day.
  virtual absl::StatusOr<std::vector<absl::Status>> Commit(
      const std::vector<SessionCommit>& commits, base::Time now) = 0;
};

}  // namespace callbridge::store
