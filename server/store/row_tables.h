// Builds the batches of View and Transaction from single rows, for engines inside the process, for
// which a call costs no round trip. Such an engine provides the rows, and inherits Find, Write and
// the lists by batch.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "server/store/tables.h"

namespace callbridge::store {

// Base is View or Transaction.
template <typename Base>
class RowReading : public Base {
 public:
  Found Find(const Wanted& wanted) override;
  std::vector<std::vector<TermRow>> TermSessions(const std::vector<Term>& terms,
                                                 const SessionRange& range, int limit) override;
  std::vector<ExpiredRow> ExpiredSessions(base::Time now, int limit) override;
  std::vector<SessionKey> DueSessions(base::Time now, int limit, bool with_timers) override;
  std::vector<CommandRow> PendingCommands(base::Time now, int class_limit) override;
  std::vector<EventRow> FeedEvents(const std::vector<ShardRange>& ranges) override;

 protected:
  virtual std::optional<SessionKey> FindSession(const std::string& session_id) = 0;
  // Returns the session's id; empty if the session does not exist.
  virtual std::string SessionId(SessionKey session) = 0;
  virtual std::optional<SessionRow> LoadSession(SessionKey session) = 0;
  virtual std::vector<TermRow> WithTerm(Term term, const SessionRange& range, int limit) = 0;
  virtual std::vector<SessionKey> ExpiredKeys(base::Time now, int limit) = 0;
  virtual std::optional<SessionKey> FindReference(const std::string& reference) = 0;
  virtual std::vector<std::string> ReferencesTo(SessionKey session) = 0;
  virtual std::optional<RequestRow> FindRequest(const std::string& request_id) = 0;
  // Sessions with waiting inputs, ordered by their oldest input.
  virtual std::vector<SessionKey> SessionsWithInputs(int limit) = 0;
  // Sessions without waiting inputs whose wake time is not after `now`, by wake time.
  virtual std::vector<SessionKey> SessionsToWake(base::Time now, int limit) = 0;
  virtual std::vector<WaitingRow> WaitingInputs(SessionKey session, int limit) = 0;
  // The session for which the input waits. Absent means that no such input waits.
  virtual std::optional<SessionKey> WaitsFor(std::int64_t input_id) = 0;
  virtual std::vector<ParkedRow> ParkedFor(const std::string& reference) = 0;
  virtual bool IsClaimed(const std::string& dedupe_key) = 0;
  virtual std::optional<CommandRow> FindCommand(SessionKey session, std::int32_t number) = 0;
  virtual std::vector<CommandRow> QueuedCommands(SessionKey session) = 0;
  // The rate classes that have pending commands, in their order.
  virtual std::vector<RateClass> PendingClasses() = 0;
  virtual std::vector<CommandRow> PendingInClass(const RateClass& rate_class, base::Time now,
                                                 int limit) = 0;
  virtual std::vector<EventRow> ShardEvents(int shard, std::int64_t after, int limit) = 0;

 private:
  // Adds the session's id and key to `found`.
  std::optional<SessionKey> Name(std::optional<SessionKey> session, Found& found);
  std::optional<SessionKey> Key(const std::string& session_id, Found& found);
  void LoadRow(SessionKey session, Found& found);
};

class RowTransaction : public RowReading<Transaction> {
 public:
  AddedRows Write(const WriteSet& changes) override;

 protected:
  virtual void SetMeta(const std::string& name, const std::string& value) = 0;
  virtual SessionKey AddSession(const AddedSession& session) = 0;
  // Updates the session with the row's key.
  virtual void UpdateSession(const SessionRow& row) = 0;
  virtual void DeleteSession(SessionKey session) = 0;
  // Both may be called again with the same term and session.
  virtual void AddTerm(Term term, const TermRow& session) = 0;
  virtual void RemoveTerm(Term term, const std::string& session_id) = 0;
  virtual void AddReference(const std::string& reference, SessionKey session) = 0;
  virtual void AddRequest(const RequestRow& row) = 0;
  virtual std::int64_t AddInput(const AddedInput& input) = 0;
  virtual void ConsumeInput(const ConsumedRow& row) = 0;
  virtual void Park(const ParkedRow& row) = 0;
  virtual void DropParked(std::int64_t id) = 0;
  virtual void TrimParked(base::Time received_before, std::int64_t keep) = 0;
  virtual void AddDedupeKey(const std::string& key, base::Time now) = 0;
  virtual void DropDedupeKeys(base::Time claimed_before) = 0;
  // Adds or replaces the command with the row's session and number.
  virtual void PutCommand(const CommandRow& row) = 0;
  virtual void ChangeCommand(const CommandChange& change) = 0;
  virtual void AddEvents(const std::vector<EventRow>& rows) = 0;
  virtual void AddQuarantined(const std::string& body) = 0;
  virtual void DropQuarantined(std::int64_t id) = 0;
  virtual void TrimQuarantine(std::int64_t keep) = 0;

 private:
  void WriteSessions(const WriteSet& changes, AddedRows& added);
  void WriteInbox(const WriteSet& changes, AddedRows& added);
  void WriteLedger(const WriteSet& changes);
  void WriteQuarantine(const WriteSet& changes);
};

}  // namespace callbridge::store
