// The work: the role of the store that gives out sessions that have something to do, and takes back
// what a step has made of them.
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

// A session that has something to do.
struct DueSession {
  std::string session_id;
  // Counts the commits of the session; what Commit is conditional on. 0: it was never stepped.
  std::int64_t revision = 0;
  // Empty message if it was never stepped.
  internal::v1::Session session;
  // What has left first (CommandTaken), then all others, each in order of arrival; together up to
  // kInputsPerLoadMax. Empty: its wake time has come.
  std::vector<WaitingInput> inputs;
  // It stands on a damaged page of the store: the store knows only that it has something to do.
  bool damaged = false;
};

struct ConsumedInput {
  // 0: an input that the worker made (a due timer); it is stored now, for the fold.
  std::int64_t input_id = 0;
  // As stepped: step_time is set.
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
  // sequence is set by the flow.
  std::vector<callbridge::v1::SessionEvent> events;
  // Become pending. A number that exists gets the new attempt.
  std::vector<internal::v1::Command> commands;
  // Of commands: those that the commit takes in flight at once. Each is the first of its queue, and
  // its CommandTaken is among consumed. Their first byte may leave only after Commit has returned.
  std::vector<std::int32_t> taken_commands;
  // Must be pending in the ledger, else the whole SessionCommit is ABORTED. One that is also in
  // commands is recorded as cancelled only.
  std::vector<std::int32_t> cancelled_commands;
  // In flight or pending, and no longer in the way of what waits behind them on their leg:
  // something else has told what they did.
  std::vector<std::int32_t> released_commands;
  std::optional<base::Time> wake_time;
};

// Thread-safe; errors as in store.h.
class Work {
 public:
  virtual ~Work() = default;

  // Returns up to limit sessions with waiting inputs, oldest input first. With include_timers,
  // sessions without inputs follow whose wake time is not after now: as many as there is room for,
  // and a quarter of limit in any case. Sessions on damaged pages are among them.
  virtual absl::StatusOr<std::vector<DueSession>> NextSessions(base::Time now, int limit,
                                                               bool include_timers) = 0;

  // Returns the earliest wake time of all sessions. Absent: no session has one.
  virtual absl::StatusOr<std::optional<base::Time>> NextWakeTime() = 0;

  // Counts, durably, one more attempt to step the session; the next Commit of the session resets
  // the count. Returns how many attempts were counted before: that many servers died while they
  // stepped it. NOT_FOUND: there is no such session.
  virtual absl::StatusOr<int> MarkStepping(const std::string& session_id) = 0;

  // Stores the commits in one transaction and returns a status for each; unless that is OK, nothing
  // of its session is changed. ABORTED: the revision differs, a consumed input no longer waits, a
  // cancelled command is no longer pending, or a taken one may not leave yet; load the session
  // again. INVALID_ARGUMENT: the events do not follow the stored ones without gap, or a command's
  // attempt does not rise. That is a defect of the flow, and another try would fail as well.
  // The store also stores the references of the session (call ids, conference id and surplus ids in
  // the message) and gives it the parked inputs that they fit. A session whose phase is Ended
  // expires after its retention; one without a phase expires after a day.
  virtual absl::StatusOr<std::vector<absl::Status>> Commit(
      const std::vector<SessionCommit>& commits, base::Time now) = 0;
};

}  // namespace callbridge::store
