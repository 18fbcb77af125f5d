// The interface between the rules of the store and an engine: tables inside a transaction. The
// rules (rules/correlation.cc, commit.cc, ledger.cc …) are written once against these classes.
// SQLite, memory and later PostgreSQL differ only in how they implement them. After an operation
// fails, all later ones of the same transaction change no row and find none, and the whole
// transaction fails. Therefore the rules need no error handling of their own.
//
// Each call is one batch, because an engine behind a network pays a round trip for it. A
// transaction that changes something makes three of them: load, lock and load what has to be
// checked, write. Lock and the Find that follows travel together.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/store/rows.h"
#include "server/store/upkeep.h"

namespace callbridge::store {

// The rows that a transaction needs, named by the keys that it knows. A row that does not exist is
// not found.
struct Wanted {
  // Ids of sessions whose keys are needed.
  std::vector<std::string> session_ids = {};
  // Ids of sessions whose whole rows are needed.
  std::vector<std::string> sessions = {};
  // Keys of sessions whose whole rows are needed.
  std::vector<SessionKey> rows = {};
  // Keys of sessions whose rows are needed, with up to kInputsPerLoadMax of their waiting inputs.
  std::vector<SessionKey> due = {};
  // Ids of sessions of which up to kInputsPerLoadMax waiting inputs are needed.
  std::vector<std::string> inputs_of = {};
  // Ids of sessions whose commands are needed that are pending or in flight and have a queue.
  std::vector<std::string> queued_of = {};
  // References whose sessions are needed.
  std::vector<std::string> references = {};
  // References whose parked inputs are needed.
  std::vector<std::string> parked_for = {};
  std::vector<std::string> request_ids = {};
  // Dedupe keys, to learn which of them were claimed.
  std::vector<std::string> dedupe_keys = {};
  // Ids of inputs, to learn for which session each waits.
  std::vector<std::int64_t> inputs = {};
  // Commands, each named by its session's id and its number.
  std::vector<std::pair<std::string, std::int32_t>> commands = {};
  // Ids of quarantined items, to learn which of them exist.
  std::vector<std::int64_t> quarantined = {};
};

using CommandId = std::pair<SessionKey, std::int32_t>;

struct Found {
  // The id and key of every session that is named below.
  std::map<std::string, SessionKey> keys = {};
  std::map<SessionKey, std::string> ids = {};
  std::map<SessionKey, SessionRow> sessions = {};
  // Waiting inputs by precedence, then in order of arrival.
  std::map<SessionKey, std::vector<WaitingRow>> inputs_of = {};
  // Commands by number.
  std::map<SessionKey, std::vector<CommandRow>> queued_of = {};
  std::map<std::string, SessionKey> references = {};
  // Parked inputs, oldest first.
  std::map<std::string, std::vector<ParkedRow>> parked_for = {};
  std::map<std::string, RequestRow> requests = {};
  std::set<std::string> dedupe_keys = {};
  std::map<std::int64_t, SessionKey> inputs = {};
  std::map<CommandId, CommandRow> commands = {};
  std::set<std::int64_t> quarantined = {};
};

// An expired session, with all references that lead to it.
struct ExpiredRow {
  SessionRow session;
  std::vector<std::string> references;
};

// A part of one shard of the feed.
struct ShardRange {
  int shard = 0;
  std::int64_t after = 0;
  int limit = 0;
};

// One consistent view of the tables. The rows of a list come in the order that its comment names.
class View {
 public:
  virtual ~View() = default;

  virtual Found Find(const Wanted& wanted) = 0;
  virtual std::optional<std::string> Meta(const std::string& name) = 0;

  // Returns heads of sessions by id, descending.
  virtual std::vector<SessionHead> SessionHeads(const SessionRange& range, int limit) = 0;
  // Returns sessions that ended after `after` and before (end_time, key), by end time and key,
  // descending.
  virtual std::vector<SessionHead> EndedSessions(base::Time after, base::Time end_time,
                                                 SessionKey key, int limit) = 0;
  // Returns, for each term, up to `limit` sessions that have it, by id, descending. It ignores
  // range.living.
  virtual std::vector<std::vector<TermRow>> TermSessions(const std::vector<Term>& terms,
                                                         const SessionRange& range, int limit) = 0;
  // Returns sessions that have expired at `now` and have no waiting inputs and no wake time, oldest
  // first.
  virtual std::vector<ExpiredRow> ExpiredSessions(base::Time now, int limit) = 0;

  // Returns sessions with waiting inputs, ordered by their oldest input. With with_timers, sessions
  // without inputs follow whose wake time is not after `now`, by wake time. They are as many as fit
  // into `limit`, and a quarter of `limit` in any case.
  virtual std::vector<SessionKey> DueSessions(base::Time now, int limit, bool with_timers) = 0;
  virtual std::optional<base::Time> NextWakeTime() = 0;
  virtual std::optional<ConsumedRow> FindConsumed(std::int64_t input_id) = 0;
  // Returns consumed inputs by step.
  virtual std::vector<ConsumedRow> ConsumedInputs(SessionKey session) = 0;

  // Returns pending commands whose not_before_time has come, one rate class after another, up to
  // class_limit of each. Within a class they are ordered by waiting_since_time, session and number.
  // A command is left out if its queue has a pending command of a lower number, or a command in
  // flight.
  virtual std::vector<CommandRow> PendingCommands(base::Time now, int class_limit) = 0;
  virtual std::optional<base::Time> NextCommandTime(base::Time now) = 0;
  // Returns the commands in flight that were taken before that moment, by session and number.
  virtual std::vector<CommandRow> InFlightCommands(base::Time taken_before) = 0;

  // Returns events by sequence.
  virtual std::vector<EventRow> SessionEvents(SessionKey session, std::int32_t after,
                                              int limit) = 0;
  // Returns events range by range, and within a range by position.
  virtual std::vector<EventRow> FeedEvents(const std::vector<ShardRange>& ranges) = 0;
  virtual FeedMarks ReadFeedMarks() = 0;

  // Returns quarantined items with an id below before_id, by id, descending.
  virtual std::vector<QuarantineRow> Quarantined(std::int64_t before_id, int limit) = 0;
  virtual Counts CountRows() = 0;
  virtual Load ReadLoad() = 0;
};

// Keys that must be locked before the rows behind them are changed. A session's key covers its row,
// its commands and its waiting inputs. A reference covers the parked inputs that wait for it, and
// also allows adding an input to the session that it leads to. A transaction that deletes a session
// locks its references as well.
std::string SessionLock(const std::string& session_id);
std::string RequestLock(const std::string& request_id);
std::string DedupeLock(const std::string& dedupe_key);
std::string MetaLock(const std::string& name);

// A session that is added: it is empty and has revision 0.
struct AddedSession {
  std::string session_id;
  base::Time create_time;
  ToCome to_come;
};

struct AddedInput {
  SessionKey session = 0;
  std::string body;
  Precedence precedence = Precedence::kOrdinary;
};

struct CommandChange {
  CommandId id;
  CommandStatus status = internal::v1::Command::STATUS_PENDING;
  std::optional<base::Time> taken_time;
  // The command no longer delays the others of its queue.
  bool out_of_queue = false;
};

struct TermChange {
  Term term = 0;
  TermRow session;
  bool added = true;
};

// Everything that a transaction changes; the engine writes it in the order of the fields. A
// negative number means a row that is added here: -1 is the first of added_sessions, or of
// added_inputs.
struct WriteSet {
  std::vector<std::pair<std::string, std::string>> metas = {};
  std::vector<AddedSession> added_sessions = {};
  std::map<SessionKey, SessionRow> sessions = {};
  std::vector<std::pair<std::string, SessionKey>> references = {};
  std::vector<std::int64_t> taken_parked = {};
  std::vector<AddedInput> added_inputs = {};
  std::vector<RequestRow> requests = {};
  // Inputs that move from the inbox to the consumed inputs.
  std::vector<ConsumedRow> consumed = {};
  std::map<CommandId, CommandRow> commands = {};
  std::map<CommandId, CommandChange> command_changes = {};
  std::vector<TermChange> terms = {};
  std::vector<ParkedRow> parked = {};
  // Drops and counts parked inputs that arrived before that moment, and the oldest inputs beyond
  // the number to keep.
  std::optional<base::Time> drop_parked_before = {};
  std::int64_t keep_parked = 0;
  // Keys, each with the moment at which it was claimed.
  std::vector<std::pair<std::string, base::Time>> dedupe_keys = {};
  // Drops keys claimed before that moment; some of them may stay for an hour longer.
  std::optional<base::Time> drop_dedupe_keys_before = {};
  // Sessions that are deleted with their inputs, events, commands, references and requests. The
  // feed's marks remember the gap.
  std::vector<SessionKey> deleted_sessions = {};
  std::vector<std::string> quarantined = {};
  std::vector<std::int64_t> dropped_quarantined = {};
  // Drops the oldest items beyond this number.
  std::optional<std::int64_t> keep_quarantined = {};
  // Each event gets the next position of its shard from the engine. Events are written last,
  // because an engine with several writers locks the shards from here to the commit.
  std::vector<EventRow> events = {};
};

// The numbers of the rows that were added, in their order.
struct AddedRows {
  std::vector<SessionKey> sessions;
  std::vector<std::int64_t> inputs;
};

// A view that can be changed and then shows the change.
class Transaction : public View {
 public:
  // Locks the keys until the end of the transaction. It is called once, before the first write. The
  // keys are sorted and unique, so that no two transactions wait for each other.
  virtual void Lock(const std::vector<std::string>& keys) = 0;
  // Writes all changes; the rows must be locked. It is called once, at the end.
  virtual AddedRows Write(const WriteSet& changes) = 0;
};

// An implementation of the tables. Thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;

  // Runs the work in one transaction. OK means that it is durable. If the work returns another
  // status, it has changed no row, and that status is returned. UNAVAILABLE means that the change
  // failed, or that the engine does not know whether it was made: the caller reads before it writes
  // again. The engine may run the work again from its start.
  virtual absl::Status Write(const std::function<absl::Status(Transaction&)>& work) = 0;
  // Runs the work once, over what is durable.
  virtual absl::Status Read(const std::function<absl::Status(View&)>& work) = 0;
  // Sets the function that is called whenever another process has changed the store, from any
  // thread and without locks of the engine. It is set once, before the first transaction. An engine
  // whose file only one process opens never calls it.
  virtual void OnForeignChange(std::function<void()> told) = 0;
};

}  // namespace callbridge::store
