// The tables as ordered containers, with the indexes that the durable engines have. Not
// thread-safe: the engine lets one transaction in at a time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "server/store/row_tables.h"

namespace callbridge::store {

class MemoryTables final : public RowTransaction {
 public:
  // Forgets the locks of the transaction before.
  void Begin() { locked_.reset(); }

  std::optional<std::string> Meta(const std::string& name) override;
  std::optional<SessionKey> FindSession(const std::string& session_id) override;
  std::string SessionId(SessionKey session) override;
  std::optional<SessionRow> LoadSession(SessionKey session) override;
  std::vector<SessionHead> SessionHeads(const SessionRange& range, int limit) override;
  std::vector<SessionHead> EndedSessions(base::Time after, base::Time end_time, SessionKey key,
                                         int limit) override;
  std::vector<TermRow> WithTerm(Term term, const SessionRange& range, int limit) override;
  std::vector<SessionKey> ExpiredKeys(base::Time now, int limit) override;
  std::optional<SessionKey> FindReference(const std::string& reference) override;
  std::vector<std::string> ReferencesTo(SessionKey session) override;
  std::optional<RequestRow> FindRequest(const std::string& request_id) override;
  std::vector<SessionKey> SessionsWithInputs(int limit) override;
  std::vector<WaitingRow> WaitingInputs(SessionKey session, int limit) override;
  std::optional<SessionKey> WaitsFor(std::int64_t input_id) override;
  std::vector<ParkedRow> ParkedFor(const std::string& reference) override;
  bool IsClaimed(const std::string& dedupe_key) override;
  std::optional<ConsumedRow> FindConsumed(std::int64_t input_id) override;
  std::vector<ConsumedRow> ConsumedInputs(SessionKey session) override;
  std::vector<SessionKey> SessionsToWake(base::Time now, int limit) override;
  std::optional<base::Time> NextWakeTime() override;
  std::optional<CommandRow> FindCommand(SessionKey session, std::int32_t number) override;
  std::vector<RateClass> PendingClasses() override;
  std::vector<CommandRow> PendingInClass(const RateClass& rate_class, base::Time now,
                                         int limit) override;
  std::optional<base::Time> NextCommandTime(base::Time now) override;
  std::vector<CommandRow> QueuedCommands(SessionKey session) override;
  std::vector<CommandRow> InFlightCommands(base::Time taken_before) override;
  std::vector<EventRow> SessionEvents(SessionKey session, std::int32_t after, int limit) override;
  std::vector<EventRow> ShardEvents(int shard, std::int64_t after, int limit) override;
  FeedMarks ReadFeedMarks() override { return marks_; }
  std::vector<QuarantineRow> Quarantined(std::int64_t before_id, int limit) override;
  Counts CountRows() override;
  Load ReadLoad() override;

  // Fails if the keys are not sorted, or come twice in one transaction.
  void Lock(const std::vector<std::string>& keys) override;
  // Fails if a change concerns something that was not locked.
  AddedRows Write(const WriteSet& changes) override;

 protected:
  void SetMeta(const std::string& name, const std::string& value) override { meta_[name] = value; }
  SessionKey AddSession(const AddedSession& session) override;
  void UpdateSession(const SessionRow& row) override;
  void DeleteSession(SessionKey session) override;
  void AddTerm(Term term, const TermRow& session) override;
  void RemoveTerm(Term term, const std::string& session_id) override;
  void AddReference(const std::string& reference, SessionKey session) override;
  void AddRequest(const RequestRow& row) override;
  std::int64_t AddInput(const AddedInput& input) override;
  void ConsumeInput(const ConsumedRow& row) override;
  void Park(const ParkedRow& row) override;
  void DropParked(std::int64_t id) override { EraseParked(parked_.find(id)); }
  void TrimParked(base::Time received_before, std::int64_t keep) override;
  void AddDedupeKey(const std::string& key, base::Time now) override;
  void DropDedupeKeys(base::Time claimed_before) override;
  void PutCommand(const CommandRow& row) override;
  void ChangeCommand(const CommandChange& change) override;
  void AddEvents(const std::vector<EventRow>& rows) override;
  void AddQuarantined(const std::string& body) override {
    quarantined_[++last_quarantined_] = body;
  }
  void DropQuarantined(std::int64_t id) override { quarantined_.erase(id); }
  void TrimQuarantine(std::int64_t keep) override;

 private:
  struct Waiting {
    SessionKey session = 0;
    Precedence precedence = Precedence::kOrdinary;
    std::string body;
  };
  using PendingOrder = std::tuple<base::Time, SessionKey, std::int32_t>;

  bool IsLocked(const std::string& key) const;
  // True if the session itself is locked, or a reference that leads to it.
  bool IsSessionLocked(SessionKey session) const;
  void CheckSessionsLocked(const WriteSet& changes) const;
  void CheckInboxLocked(const WriteSet& changes) const;

  static PendingOrder OrderOf(const CommandRow& row);
  bool IsFirstInQueue(const CommandRow& row) const;
  // Adds the row to the indexes of pending and in-flight commands, or removes it.
  void Index(const CommandRow& row);
  void Unindex(const CommandRow& row);
  void EraseParked(std::map<std::int64_t, ParkedRow>::iterator parked);
  template <typename Map>
  static void EraseSession(Map& rows, SessionKey session);

  // Locked by the current transaction. Absent means that it has not called Lock.
  std::optional<std::set<std::string>> locked_;
  std::map<std::string, std::string> meta_;
  SessionKey last_session_ = 0;
  std::map<SessionKey, SessionRow> sessions_;
  std::map<std::string, SessionKey> session_ids_;
  std::set<std::pair<base::Time, SessionKey>> wake_times_;
  std::set<std::pair<base::Time, SessionKey>> expire_times_;
  std::map<std::pair<Term, std::string>, SessionKey> terms_;
  // Ended sessions by end time.
  std::set<std::pair<base::Time, SessionKey>> ended_;
  // Sessions that still have dials to make.
  std::set<SessionKey> to_dial_;
  std::map<std::string, SessionKey> references_;
  std::set<std::pair<SessionKey, std::string>> references_of_;
  std::map<std::string, RequestRow> requests_;
  std::set<std::pair<SessionKey, std::string>> requests_of_;

  std::int64_t last_input_ = 0;
  std::map<std::int64_t, Waiting> inbox_;
  std::map<SessionKey, std::set<std::pair<Precedence, std::int64_t>>> inbox_of_;
  std::map<std::pair<SessionKey, std::int64_t>, ConsumedRow> consumed_;
  std::map<std::int64_t, std::pair<SessionKey, std::int64_t>> consumed_ids_;

  std::int64_t last_parked_ = 0;
  std::int64_t parked_dropped_ = 0;
  std::map<std::int64_t, ParkedRow> parked_;
  std::set<std::pair<std::string, std::int64_t>> parked_for_;
  // Dedupe keys by the hour in which they were claimed.
  std::map<std::int64_t, std::set<std::string>> dedupe_keys_;

  std::map<CommandId, CommandRow> commands_;
  std::map<RateClass, std::set<PendingOrder>> pending_;
  // Pending commands by their not_before_time.
  std::set<std::pair<base::Time, CommandId>> later_;
  // Pending and in-flight commands of each queue.
  std::map<std::pair<SessionKey, std::string>, std::set<std::int32_t>> queues_;
  std::set<CommandId> in_flight_;

  std::map<std::pair<SessionKey, std::int32_t>, EventRow> events_;
  std::array<std::map<std::int64_t, std::pair<SessionKey, std::int32_t>>, base::kFeedShards>
      shards_;
  FeedMarks marks_{};
  std::int64_t last_quarantined_ = 0;
  std::map<std::int64_t, std::string> quarantined_;
};

}  // namespace callbridge::store
