// What an engine gives to the rules of the store: tables inside a transaction. The rules
// (rules/correlation.cc, commit.cc, ledger.cc …) are written once against these classes; SQLite,
// memory and later PostgreSQL differ only in what stands behind them. An operation that fails makes
// all later ones of the same transaction do nothing and find nothing, and the transaction fails as
// a whole, so that the rules need no error handling of their own.
// Each call is one batch, because an engine behind a network pays a round trip for it. The rules
// hold to three of them in a transaction that changes something: load, lock and load what has to be
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

// What a transaction has to know, by what it knows already. Whatever is not there is not found.
struct Wanted {
  // Ids of sessions: which keys they have.
  std::vector<std::string> session_ids = {};
  // Ids of sessions: their whole rows.
  std::vector<std::string> sessions = {};
  // The same by key.
  std::vector<SessionKey> rows = {};
  // Keys of sessions: their rows and up to kInputsPerLoadMax of their waiting inputs.
  std::vector<SessionKey> due = {};
  // Ids of sessions: up to kInputsPerLoadMax of their waiting inputs.
  std::vector<std::string> inputs_of = {};
  // Ids of sessions: their commands that are pending or in flight and have a queue.
  std::vector<std::string> queued_of = {};
  // Which sessions they lead to.
  std::vector<std::string> references = {};
  // References: the parked inputs that wait for them.
  std::vector<std::string> parked_for = {};
  std::vector<std::string> request_ids = {};
  // Which of them were claimed.
  std::vector<std::string> dedupe_keys = {};
  // Which sessions these inputs wait for.
  std::vector<std::int64_t> inputs = {};
  // By the session's id and the command's number.
  std::vector<std::pair<std::string, std::int32_t>> commands = {};
  // Which of these ids are there.
  std::vector<std::int64_t> quarantined = {};
};

using CommandId = std::pair<SessionKey, std::int32_t>;

struct Found {
  // Of every session that is named below, and the other way round.
  std::map<std::string, SessionKey> keys = {};
  std::map<SessionKey, std::string> ids = {};
  std::map<SessionKey, SessionRow> sessions = {};
  // By precedence, then in order of arrival.
  std::map<SessionKey, std::vector<WaitingRow>> inputs_of = {};
  // By number.
  std::map<SessionKey, std::vector<CommandRow>> queued_of = {};
  std::map<std::string, SessionKey> references = {};
  // Oldest first.
  std::map<std::string, std::vector<ParkedRow>> parked_for = {};
  std::map<std::string, RequestRow> requests = {};
  std::set<std::string> dedupe_keys = {};
  std::map<std::int64_t, SessionKey> inputs = {};
  std::map<CommandId, CommandRow> commands = {};
  std::set<std::int64_t> quarantined = {};
};

// An expired session, and all references that lead to it.
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

// One consistent view. Lists come in the order that is named.
class View {
 public:
  virtual ~View() = default;

  virtual Found Find(const Wanted& wanted) = 0;
  virtual std::optional<std::string> Meta(const std::string& name) = 0;

  // By id, descending.
  virtual std::vector<SessionHead> SessionHeads(const SessionRange& range, int limit) = 0;
  // By end time and key, descending: those after `after` and before (end_time, key).
  virtual std::vector<SessionHead> EndedSessions(base::Time after, base::Time end_time,
                                                 SessionKey key, int limit) = 0;
  // For each term the sessions that have it, by id, descending, up to limit of each. It does not
  // look at range.living.
  virtual std::vector<std::vector<TermRow>> TermSessions(const std::vector<Term>& terms,
                                                         const SessionRange& range, int limit) = 0;
  // Expired at now, without waiting inputs and without a wake time; oldest first.
  virtual std::vector<ExpiredRow> ExpiredSessions(base::Time now, int limit) = 0;

  // Sessions with waiting inputs, by their oldest input; with_timers: then those without any whose
  // wake time is not after now, by wake time: as many as there is room for, and a quarter of limit
  // in any case.
  virtual std::vector<SessionKey> DueSessions(base::Time now, int limit, bool with_timers) = 0;
  virtual std::optional<base::Time> NextWakeTime() = 0;
  virtual std::optional<ConsumedRow> FindConsumed(std::int64_t input_id) = 0;
  // By step.
  virtual std::vector<ConsumedRow> ConsumedInputs(SessionKey session) = 0;

  // Pending commands whose not_before_time has come, lane by lane; in each by since when somebody
  // waits, then session and number, up to lane_limit. Without those whose queue has a pending
  // command of a lower number, or one in flight.
  virtual std::vector<CommandRow> PendingCommands(base::Time now, int lane_limit) = 0;
  virtual std::optional<base::Time> NextCommandTime(base::Time now) = 0;
  // Taken before that moment, by session and number.
  virtual std::vector<CommandRow> InFlightCommands(base::Time taken_before) = 0;

  // By sequence.
  virtual std::vector<EventRow> SessionEvents(SessionKey session, std::int32_t after,
                                              int limit) = 0;
  // Range by range, in each by position.
  virtual std::vector<EventRow> FeedEvents(const std::vector<ShardRange>& ranges) = 0;
  virtual FeedMarks ReadFeedMarks() = 0;

  // Below before_id, by id, descending.
  virtual std::vector<QuarantineRow> Quarantined(std::int64_t before_id, int limit) = 0;
  virtual Counts CountRows() = 0;
  virtual Load ReadLoad() = 0;
};

// What has to be locked before it is changed. A session's key covers its row, its commands and its
// waiting inputs; a reference covers the parked inputs that wait for it, and lets an input be added
// to the session that it leads to. Who deletes a session locks its references as well.
std::string SessionLock(const std::string& session_id);
std::string RequestLock(const std::string& request_id);
std::string DedupeLock(const std::string& dedupe_key);
std::string MetaLock(const std::string& name);

// A session that is added: empty, revision 0.
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
  // From now on it holds up nothing of its queue.
  bool out_of_queue = false;
};

struct TermChange {
  Term term = 0;
  TermRow session;
  bool added = true;
};

// Everything that a transaction changes, written in the order of the fields. A negative number
// stands for a row that is added here: -1 for the first of added_sessions, or of added_inputs.
struct WriteSet {
  std::vector<std::pair<std::string, std::string>> metas = {};
  std::vector<AddedSession> added_sessions = {};
  std::map<SessionKey, SessionRow> sessions = {};
  std::vector<std::pair<std::string, SessionKey>> references = {};
  std::vector<std::int64_t> taken_parked = {};
  std::vector<AddedInput> added_inputs = {};
  std::vector<RequestRow> requests = {};
  // From the inbox to the consumed ones.
  std::vector<ConsumedRow> consumed = {};
  std::map<CommandId, CommandRow> commands = {};
  std::map<CommandId, CommandChange> command_changes = {};
  std::vector<TermChange> terms = {};
  std::vector<ParkedRow> parked = {};
  // Drops, and counts, those received before that moment and the oldest beyond the number to keep.
  std::optional<base::Time> drop_parked_before = {};
  std::int64_t keep_parked = 0;
  // Claimed at that moment.
  std::vector<std::pair<std::string, base::Time>> dedupe_keys = {};
  // Some of them may stay for an hour longer.
  std::optional<base::Time> drop_dedupe_keys_before = {};
  // With inputs, events, commands, references and requests; the feed's marks remember the gap.
  std::vector<SessionKey> deleted_sessions = {};
  std::vector<std::string> quarantined = {};
  std::vector<std::int64_t> dropped_quarantined = {};
  // Drops the oldest beyond the number to keep.
  std::optional<std::int64_t> keep_quarantined = {};
  // The engine gives each the next position of its shard. Last: an engine with several writers
  // locks the shards from here to the commit.
  std::vector<EventRow> events = {};
};

// The numbers of the rows that were added, in their order.
struct AddedRows {
  std::vector<SessionKey> sessions;
  std::vector<std::int64_t> inputs;
};

// A view that can be changed, and then shows the change.
class Transaction : public View {
 public:
  // Until the end of the transaction no other one locks these. Once, before anything is written;
  // the keys are sorted and differ, so that no two transactions wait for each other.
  virtual void Lock(const std::vector<std::string>& keys) = 0;
  // Once, last. What it changes was locked.
  virtual AddedRows Write(const WriteSet& changes) = 0;
};

// Thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;

  // Runs the work in one transaction. OK: it is durable. Work that returns another status has
  // changed nothing before it did so, and that status is returned. UNAVAILABLE: nothing happened.
  // Work may be run again from its start.
  virtual absl::Status Write(const std::function<absl::Status(Transaction&)>& work) = 0;
  // Runs the work once, over what is durable.
  virtual absl::Status Read(const std::function<absl::Status(View&)>& work) = 0;
  // told is called, from any thread and without locks of the engine held, whenever another process
  // has changed the store. Once, before the first transaction. An engine whose file only one
  // process opens never calls it.
  virtual void OnForeignChange(std::function<void()> told) = 0;
};

}  // namespace callbridge::store
