// The tables as a read transaction sees them. The connection's transaction is begun and ended by
// the engine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/store/sqlite/connection.h"
#include "server/store/tables.h"

namespace callbridge::store {

// Counts the parked inputs that nobody asked for.
inline constexpr char kParkedDroppedMeta[] = "parked_dropped";

// The reading half of both kinds of transaction. Base is View or Transaction.
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
  std::vector<TermRow> TermSessions(Term term, const SessionRange& range, int limit) override;
  std::vector<SessionKey> ExpiredSessions(base::Time now, int limit) override;
  std::optional<SessionKey> FindReference(const std::string& reference) override;
  std::optional<RequestRow> FindRequest(const std::string& request_id) override;
  std::vector<SessionKey> SessionsWithInputs(int limit) override;
  std::vector<WaitingRow> WaitingInputs(SessionKey session, int limit) override;
  std::optional<SessionKey> WaitsFor(std::int64_t input_id) override;
  std::optional<ConsumedRow> FindConsumed(std::int64_t input_id) override;
  std::vector<ConsumedRow> ConsumedInputs(SessionKey session) override;
  std::vector<SessionKey> SessionsDue(base::Time now, int limit) override;
  std::optional<base::Time> NextWakeTime() override;
  std::optional<CommandRow> FindCommand(SessionKey session, std::int32_t number) override;
  std::vector<CommandLane> PendingLanes() override;
  std::vector<CommandRow> PendingCommands(const CommandLane& lane, base::Time now,
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
  Connection& connection_;
};

using SqliteView = SqliteReading<View>;

}  // namespace callbridge::store
