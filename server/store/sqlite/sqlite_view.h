// The tables as a read transaction sees them. The engine begins and ends the connection's
// transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/store/row_tables.h"
#include "server/store/sqlite/connection.h"

namespace callbridge::store {

// The name of the count of parked inputs that no session asked for.
inline constexpr char kParkedDroppedMeta[] = "parked_dropped";

// The reading half of both kinds of transaction. Base is RowReading<View> or RowTransaction.
template <typename Base>
class SqliteReading : public Base {
 public:
  explicit SqliteReading(Connection& connection) : connection_(connection) {}

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
  FeedMarks ReadFeedMarks() override;
  std::vector<QuarantineRow> Quarantined(std::int64_t before_id, int limit) override;
  Counts CountRows() override;
  Load ReadLoad() override;

 protected:
  // The hours that have a table of dedupe keys.
  virtual std::set<std::int64_t> DedupeHours();

  Connection& connection_;
};

std::string DedupeTable(std::int64_t hour);

using SqliteView = SqliteReading<RowReading<View>>;

}  // namespace callbridge::store
