// What an engine gives to the rules of the store: tables inside a transaction. The rules (inbox.cc,
// commit.cc, ledger.cc …) are written once against these classes; SQLite, memory and later
// PostgreSQL differ only in what stands behind them. An operation that fails makes all later ones
// of the same transaction do nothing and find nothing, and the transaction fails as a whole, so
// that the rules read like rules and need no error handling of their own.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/store/rows.h"
#include "server/store/store.h"

namespace callbridge::store {

// One consistent view. Lists come in the order that is named.
class View {
 public:
  virtual ~View() = default;

  virtual std::optional<std::string> Meta(const std::string& name) = 0;

  virtual std::optional<SessionKey> FindSession(const std::string& session_id) = 0;
  // Empty: no such session.
  virtual std::string SessionId(SessionKey session) = 0;
  virtual std::optional<SessionRow> LoadSession(SessionKey session) = 0;
  // By id, descending.
  virtual std::vector<SessionHead> SessionHeads(const SessionRange& range, int limit) = 0;
  // By end time and key, descending: those after `after` and before (end_time, key).
  virtual std::vector<SessionHead> EndedSessions(base::Time after, base::Time end_time,
                                                 SessionKey key, int limit) = 0;
  // Sessions that have the term, by id, descending. It does not look at range.living.
  virtual std::vector<TermRow> TermSessions(Term term, const SessionRange& range, int limit) = 0;
  // Expired at now, without waiting inputs and without a wake time; oldest first.
  virtual std::vector<SessionKey> ExpiredSessions(base::Time now, int limit) = 0;
  virtual std::optional<SessionKey> FindReference(const std::string& reference) = 0;
  virtual std::optional<RequestRow> FindRequest(const std::string& request_id) = 0;

  // By their oldest input.
  virtual std::vector<SessionKey> SessionsWithInputs(int limit) = 0;
  // By precedence, then in order of arrival.
  virtual std::vector<WaitingRow> WaitingInputs(SessionKey session, int limit) = 0;
  // Absent: no such input waits.
  virtual std::optional<SessionKey> WaitsFor(std::int64_t input_id) = 0;
  virtual std::optional<ConsumedRow> FindConsumed(std::int64_t input_id) = 0;
  // By step.
  virtual std::vector<ConsumedRow> ConsumedInputs(SessionKey session) = 0;
  // Without waiting inputs, wake time not after now, by wake time.
  virtual std::vector<SessionKey> SessionsDue(base::Time now, int limit) = 0;
  virtual std::optional<base::Time> NextWakeTime() = 0;

  virtual std::optional<CommandRow> FindCommand(SessionKey session, std::int32_t number) = 0;
  // Lanes with pending commands, in their order.
  virtual std::vector<CommandLane> PendingLanes() = 0;
  // Pending commands of the lane whose not_before_time has come, by since when somebody waits, then
  // session and number; without those whose queue has a pending command of a lower number, or one
  // in flight.
  virtual std::vector<CommandRow> PendingCommands(const CommandLane& lane, base::Time now,
                                                  int limit) = 0;
  virtual std::optional<base::Time> NextCommandTime(base::Time now) = 0;
  // The session's commands that are pending or in flight and have a queue, by number.
  virtual std::vector<CommandRow> QueuedCommands(SessionKey session) = 0;
  // Taken before that moment, by session and number.
  virtual std::vector<CommandRow> InFlightCommands(base::Time taken_before) = 0;

  // By sequence.
  virtual std::vector<EventRow> SessionEvents(SessionKey session, std::int32_t after,
                                              int limit) = 0;
  // By position.
  virtual std::vector<EventRow> ShardEvents(int shard, std::int64_t after, int limit) = 0;
  virtual FeedMarks ReadFeedMarks() = 0;

  // Below before_id, by id, descending.
  virtual std::vector<QuarantineRow> Quarantined(std::int64_t before_id, int limit) = 0;
  virtual Counts CountRows() = 0;
  virtual Load ReadLoad() = 0;
};

// A view that can be changed, and then shows the change.
class Transaction : public View {
 public:
  // Until the end of the transaction no other one correlates or stores these references. Only an
  // engine with several writers has anything to do here.
  virtual void LockReferences(const std::vector<std::string>& references) = 0;

  virtual void SetMeta(const std::string& name, const std::string& value) = 0;

  // Empty, revision 0.
  virtual SessionKey AddSession(const std::string& session_id, base::Time now,
                                const ToCome& to_come) = 0;
  // By key.
  virtual void UpdateSession(const SessionRow& row) = 0;
  // With its inputs, events, commands, references and requests; the feed's marks remember the gap.
  virtual void DeleteSession(SessionKey session) = 0;
  // Both may be repeated.
  virtual void AddTerm(Term term, const TermRow& session) = 0;
  virtual void RemoveTerm(Term term, const std::string& session_id) = 0;
  virtual void AddReference(const std::string& reference, SessionKey session) = 0;
  virtual void AddRequest(const RequestRow& row) = 0;

  virtual std::int64_t AddInput(SessionKey session, const std::string& body,
                                Precedence precedence) = 0;
  // From the inbox to the consumed ones.
  virtual void ConsumeInput(const ConsumedRow& row) = 0;

  virtual void Park(const ParkedRow& row) = 0;
  // Removes and returns those that wait for this reference, oldest first.
  virtual std::vector<ParkedRow> TakeParked(const std::string& reference) = 0;
  // Drops, and counts, those received before that moment and the oldest beyond the number to keep.
  virtual void TrimParked(base::Time received_before, std::int64_t keep) = 0;

  // False: it was claimed before.
  virtual bool ClaimDedupeKey(const std::string& key, base::Time now) = 0;
  // May keep some of them for an hour longer.
  virtual void DropDedupeKeys(base::Time claimed_before) = 0;

  // By session and number.
  virtual void PutCommand(const CommandRow& row) = 0;
  virtual void SetCommandStatus(SessionKey session, std::int32_t number, CommandStatus status,
                                std::optional<base::Time> taken_time) = 0;

  // From now on it holds up nothing of its queue.
  virtual void TakeOutOfQueue(SessionKey session, std::int32_t number) = 0;

  // Gives each the next position of its shard. The last operation of a transaction: in an engine
  // with several writers the shards are locked from here to the commit.
  virtual void AddEvents(const std::vector<EventRow>& rows) = 0;

  virtual void AddQuarantined(const std::string& body) = 0;
  // False: it is not there.
  virtual bool DropQuarantined(std::int64_t id) = 0;
  // Drops the oldest beyond the number to keep.
  virtual void TrimQuarantine(std::int64_t keep) = 0;
};

// Thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;

  // Runs the work in one transaction. OK: it is durable. DueSession that returns another status has
  // changed nothing before it did so, and that status is returned. UNAVAILABLE: nothing happened.
  // DueSession may be run again from its start.
  virtual absl::Status Write(const std::function<absl::Status(Transaction&)>& work) = 0;
  // Runs the work once, over what is durable.
  virtual absl::Status Read(const std::function<absl::Status(View&)>& work) = 0;
};

}  // namespace callbridge::store
