// The relational model, row by row, as every engine keeps it. Only facts that are looked up or
// sorted by are columns; the messages are bytes, serialized deterministically. Nothing above
// server/store may see these.
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

// A session inside one store: rises with every new one and is never given again, so that the rows
// of the sessions that are alive stand together at the end of every index.
using SessionKey = std::int64_t;

struct SessionRow {
  SessionKey key = 0;
  std::string session_id;
  std::int64_t revision = 0;
  // Of the last event.
  std::int32_t sequence = 0;
  // How many inputs were consumed.
  std::int64_t steps = 0;
  // callbridge.v1.Session.State of the last event, and Outcome.Result.
  int state = 0;
  int result = 0;
  base::Time create_time;
  std::optional<base::Time> end_time;
  // Absent: the session is alive.
  std::optional<base::Time> expire_time;
  std::optional<base::Time> wake_time;
  // Servers that died while they stepped it.
  int stepping_marks = 0;
  ToCome to_come;
  // internal.v1.Session.
  std::string body;
};

struct RequestRow {
  std::string request_id;
  std::string digest;
  SessionKey session = 0;
  std::int64_t input_id = 0;
};

// In which order the inputs of one session are stepped; within a class, as they arrived.
enum class Precedence {
  // What has left is known before anything is decided: an earlier input would take back a command
  // that is in flight, and its commit would be refused for ever.
  kFirst = 0,
  kOrdinary = 1,
};

struct WaitingRow {
  std::int64_t input_id = 0;
  // internal.v1.Input.
  std::string body;
};

struct ConsumedRow {
  SessionKey session = 0;
  // 1, 2, 3 … within the session.
  std::int64_t step = 0;
  // 0: the worker made it.
  std::int64_t input_id = 0;
  // internal.v1.Input.
  std::string body;
  // internal.v1.Reply.
  std::optional<std::string> reply;
  std::string ignored_reason;
};

// An input that no session owns yet, and what it waits for: "call/<id>", "session/<id>",
// "conference/<id>".
struct ParkedRow {
  std::int64_t id = 0;
  base::Time receive_time;
  std::vector<std::string> references;
  // internal.v1.Input.
  std::string body;
};

using CommandStatus = internal::v1::Command::Status;

using base::Urgency;

// Commands that wait for the same rate: those of one account and one operation, repetitions apart,
// which have a budget besides. Pending commands are fetched lane by lane, so that no crowd in one
// lane hides what waits in another.
struct CommandLane {
  Urgency urgency = Urgency::kOrdinary;
  std::string name;

  friend auto operator<=>(const CommandLane&, const CommandLane&) = default;
};

struct CommandRow {
  SessionKey session = 0;
  std::int32_t number = 0;
  std::int32_t attempt = 0;
  CommandStatus status = internal::v1::Command::STATUS_PENDING;
  CommandLane lane;
  // The queue of its leg, or of the conference, in which commands go one at a time and in the order
  // of their numbers. Absent: it overtakes.
  std::optional<std::string> queue;
  // The epoch: at once.
  base::Time not_before_time;
  // Since when its caller waits, else since when it is pending.
  base::Time waiting_since_time;
  std::optional<base::Time> taken_time;
  // internal.v1.Command.
  std::string body;
};

struct EventRow {
  int shard = 0;
  // Given by the engine, in commit order.
  std::int64_t position = 0;
  SessionKey session = 0;
  std::int32_t sequence = 0;
  // callbridge.v1.SessionEvent.
  std::string body;
};

struct ShardMark {
  // Position of the newest event ever stored, and of the newest one deleted.
  std::int64_t last = 0;
  std::int64_t deleted = 0;
};
using FeedMarks = std::array<ShardMark, base::kFeedShards>;

// What a list looks at before it reads a session.
struct SessionHead {
  SessionKey key = 0;
  std::string session_id;
  int state = 0;
  int result = 0;
  base::Time create_time;
  // Present if it has ended.
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

// Part of all sessions, by id.
struct SessionRange {
  // Only ids below this. Empty: from the newest.
  std::string below = {};
  // Only ids from this one on.
  std::string from = {};
  // Only those that do not expire yet.
  bool living = false;
};

// A thing that sessions are found by (terms.h).
using Term = std::int64_t;

struct QuarantineRow {
  std::int64_t id = 0;
  // internal.v1.Quarantined.
  std::string body;
};

struct TermRow {
  std::string session_id;
  SessionKey session = 0;
};

// The keys of webhooks are kept by the hour in which they were claimed.
inline std::int64_t DedupeHour(base::Time time) {
  return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count();
}

}  // namespace callbridge::store
