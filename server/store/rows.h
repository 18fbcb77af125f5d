// The relational model as every engine keeps it, row by row. Only facts that are looked up or
// sorted by are columns; messages are bytes, serialized deterministically. Only server/store uses
// these rows.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/command_kinds.h"
#include "server/base/limits.h"
#include "server/base/time.h"
#include "server/store/rules/to_come.h"

namespace callbridge::store {

// A session inside one store. Each new session gets a higher key, and no key is used again.
// Therefore the rows of living sessions stand together at the end of every index.
using SessionKey = std::int64_t;

struct SessionRow {
  SessionKey key = 0;
  std::string session_id;
  std::int64_t revision = 0;
  // The sequence of the session's last event.
  std::int32_t sequence = 0;
  // The number of inputs that were consumed.
  std::int64_t steps = 0;
  // The state in the last event (callbridge.v1.Session.State), and the result
  // (callbridge.v1.Outcome.Result).
  int state = 0;
  int result = 0;
  base::Time create_time;
  std::optional<base::Time> end_time;
  // When the session may be deleted. Absent means that the session is alive.
  std::optional<base::Time> expire_time;
  std::optional<base::Time> wake_time;
  // The number of times that a server was about to step the session, since its last commit.
  int stepping_marks = 0;
  ToCome to_come;
  // A serialized internal.v1.Session.
  std::string body;
};

struct RequestRow {
  std::string request_id;
  std::string digest;
  SessionKey session = 0;
  std::int64_t input_id = 0;
};

// The order in which the inputs of one session are stepped. Inputs of one class are stepped in
// order of arrival.
enum class Precedence {
  // The departure of a command is stepped first. Otherwise an earlier input could cancel a command
  // that is in flight, and its commit would be refused for ever.
  kFirst = 0,
  kOrdinary = 1,
};

struct WaitingRow {
  std::int64_t input_id = 0;
  // A serialized internal.v1.Input.
  std::string body;
};

struct ConsumedRow {
  SessionKey session = 0;
  // The step's number within the session: 1, 2, 3 …
  std::int64_t step = 0;
  // The input's id. 0 means that the worker made the input.
  std::int64_t input_id = 0;
  // A serialized internal.v1.Input.
  std::string body;
  // A serialized internal.v1.Reply.
  std::optional<std::string> reply;
  std::string ignored_reason;
};

// An input that no session owns yet, and the reference for which it waits: "call/<id>",
// "session/<id>" or "conference/<id>".
struct ParkedRow {
  std::int64_t id = 0;
  base::Time receive_time;
  std::vector<std::string> references;
  // A serialized internal.v1.Input.
  std::string body;
};

using CommandStatus = internal::v1::Command::Status;

using base::Urgency;

// Commands that wait for the same rate: those of one account and one operation. Repetitions have
// classes of their own, because they also need a budget. Pending commands are read class by class,
// so that a crowd in one class hides no command in another.
struct RateClass {
  Urgency urgency = Urgency::kOrdinary;
  std::string name;

  friend auto operator<=>(const RateClass&, const RateClass&) = default;
};

struct CommandRow {
  SessionKey session = 0;
  std::int32_t number = 0;
  std::int32_t attempt = 0;
  CommandStatus status = internal::v1::Command::STATUS_PENDING;
  RateClass rate_class;
  // The queue of the command's leg, or of the conference. Commands of a queue leave one at a time,
  // in the order of their numbers. Absent means that the command overtakes.
  std::optional<std::string> queue;
  // The command may not leave before this time. The epoch means at once.
  base::Time not_before_time;
  // Since when the command's caller waits, or otherwise since when the command is pending.
  base::Time waiting_since_time;
  std::optional<base::Time> taken_time;
  // A serialized internal.v1.Command.
  std::string body;
};

struct EventRow {
  int shard = 0;
  // Assigned by the engine, in commit order.
  std::int64_t position = 0;
  SessionKey session = 0;
  std::int32_t sequence = 0;
  // A serialized callbridge.v1.SessionEvent.
  std::string body;
};

struct ShardMark {
  // The positions of the newest event ever stored and of the newest event deleted.
  std::int64_t last = 0;
  std::int64_t deleted = 0;
};
using FeedMarks = std::array<ShardMark, base::kFeedShards>;

// The columns that a list checks before it reads a session.
struct SessionHead {
  SessionKey key = 0;
  std::string session_id;
  int state = 0;
  int result = 0;
  base::Time create_time;
  // Present if the session has ended.
  std::optional<base::Time> end_time;
};

inline SessionHead HeadOf(const SessionRow& row) {
  return {.key = row.key,
          .session_id = row.session_id,
          .state = row.state,
          .result = row.result,
          .create_time = row.create_time,
          .end_time = row.end_time};
}

// A range of all sessions, ordered by id.
struct SessionRange {
  // Only ids below this one. Empty means to begin with the newest.
  std::string below = {};
  // Only ids from this one on. Empty means no lower bound.
  std::string from = {};
  // Only sessions that are alive.
  bool living = false;
};

// A hash by which sessions are found (terms.h).
using Term = std::int64_t;

struct QuarantineRow {
  std::int64_t id = 0;
  // A serialized internal.v1.Quarantined.
  std::string body;
};

struct TermRow {
  std::string session_id;
  SessionKey session = 0;
};

// Returns the hour for a claim at this time. Dedupe keys of webhooks are stored by that hour.
inline std::int64_t DedupeHour(base::Time time) {
  return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count();
}

}  // namespace callbridge::store
