#include "server/store/sqlite/sqlite_view.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>

#include "server/base/command_kinds.h"
#include "server/store/sqlite/sqlite_rows.h"

namespace callbridge::store {
namespace {

// Returns the id below which the range lies. Without one it is above every id, because ids begin
// with "s_".
std::string Below(const SessionRange& range) {
  return range.below.empty() ? std::string("\x7f") : range.below;
}

template <typename Row, typename Read>
std::vector<Row> All(Query& query, Read read) {
  std::vector<Row> rows;
  while (query.Next()) rows.push_back(read(query));
  return rows;
}

std::int64_t FirstInt(const Query& query) { return query.Int(0); }

std::optional<std::int64_t> Maybe(Query& query) {
  if (!query.Next() || query.IsNull(0)) return std::nullopt;
  return query.Int(0);
}

std::optional<base::Time> MaybeTime(Query& query) {
  if (!query.Next()) return std::nullopt;
  return query.OptionalTime(0);
}

std::int64_t Number(Connection& connection, std::string_view sql) {
  Query query(connection, sql);
  return Maybe(query).value_or(0);
}

constexpr char kDedupePrefix[] = "dedupe_";

}  // namespace

std::string DedupeTable(std::int64_t hour) { return absl::StrFormat("%s%d", kDedupePrefix, hour); }

template <typename Base>
std::optional<std::string> SqliteReading<Base>::Meta(const std::string& name) {
  Query query(connection_, "SELECT value FROM meta WHERE name = ?");
  if (!query.Text(name).Next()) return std::nullopt;
  return query.Bytes(0);
}

template <typename Base>
std::optional<SessionKey> SqliteReading<Base>::FindSession(const std::string& session_id) {
  Query query(connection_, "SELECT key FROM sessions WHERE session_id = ?");
  return Maybe(query.Text(session_id));
}

template <typename Base>
std::string SqliteReading<Base>::SessionId(SessionKey session) {
  Query query(connection_, "SELECT session_id FROM sessions WHERE key = ?");
  return query.Bind(session).Next() ? query.Bytes(0) : std::string();
}

template <typename Base>
std::optional<SessionRow> SqliteReading<Base>::LoadSession(SessionKey session) {
  static const std::string sql =
      absl::StrCat("SELECT ", kSessionColumns, " FROM sessions WHERE key = ?");
  Query query(connection_, sql);
  if (!query.Bind(session).Next()) return std::nullopt;
  return ReadSession(query);
}

template <typename Base>
std::vector<SessionHead> SqliteReading<Base>::SessionHeads(const SessionRange& range, int limit) {
  static const std::string all = absl::StrCat(
      "SELECT ", kHeadColumns,
      " FROM sessions WHERE session_id < ? AND session_id >= ? ORDER BY session_id DESC LIMIT ?");
  // The index is named because the planner has no row counts and would rather read all sessions.
  static const std::string living = absl::StrCat(
      "SELECT ", kHeadColumns,
      " FROM sessions INDEXED BY sessions_alive WHERE expire_time IS NULL AND session_id < ?"
      " AND session_id >= ? ORDER BY session_id DESC LIMIT ?");
  Query query(connection_, range.living ? living : all);
  query.Text(Below(range)).Text(range.from).Bind(limit);
  return All<SessionHead>(query, ReadHead);
}

template <typename Base>
std::vector<SessionHead> SqliteReading<Base>::EndedSessions(base::Time after, base::Time end_time,
                                                            SessionKey key, int limit) {
  static const std::string sql =
      absl::StrCat("SELECT ", kHeadColumns,
                   " FROM sessions INDEXED BY sessions_ended WHERE end_time > ?1 AND end_time <= ?2"
                   " AND (end_time < ?2 OR key < ?3) ORDER BY end_time DESC, key DESC LIMIT ?4");
  Query query(connection_, sql);
  query.Bind(after).Bind(end_time).Bind(key).Bind(limit);
  return All<SessionHead>(query, ReadHead);
}

template <typename Base>
std::vector<TermRow> SqliteReading<Base>::WithTerm(Term term, const SessionRange& range,
                                                   int limit) {
  Query query(connection_,
              "SELECT session_id, session FROM session_terms WHERE term = ? AND session_id < ?"
              " AND session_id >= ? ORDER BY session_id DESC LIMIT ?");
  query.Bind(term).Text(Below(range)).Text(range.from).Bind(limit);
  return All<TermRow>(query, [](const Query& row) {
    return TermRow{.session_id = row.Bytes(0), .session = row.Int(1)};
  });
}

template <typename Base>
std::vector<SessionKey> SqliteReading<Base>::ExpiredKeys(base::Time now, int limit) {
  Query query(connection_,
              "SELECT key FROM sessions WHERE expire_time <= ? AND wake_time IS NULL"
              " AND NOT EXISTS (SELECT 1 FROM inbox WHERE session = key)"
              " ORDER BY expire_time, key LIMIT ?");
  return All<SessionKey>(query.Bind(now).Bind(limit), FirstInt);
}

template <typename Base>
std::optional<SessionKey> SqliteReading<Base>::FindReference(const std::string& reference) {
  Query query(connection_, "SELECT session FROM session_references WHERE reference = ?");
  return Maybe(query.Text(reference));
}

template <typename Base>
std::vector<std::string> SqliteReading<Base>::ReferencesTo(SessionKey session) {
  Query query(connection_, "SELECT reference FROM session_references WHERE session = ?");
  return All<std::string>(query.Bind(session), [](const Query& row) { return row.Bytes(0); });
}

template <typename Base>
std::optional<RequestRow> SqliteReading<Base>::FindRequest(const std::string& request_id) {
  Query query(connection_, "SELECT digest, session, input_id FROM requests WHERE request_id = ?");
  if (!query.Text(request_id).Next()) return std::nullopt;
  return RequestRow{.request_id = request_id,
                    .digest = query.Bytes(0),
                    .session = query.Int(1),
                    .input_id = query.Int(2)};
}

template <typename Base>
std::vector<SessionKey> SqliteReading<Base>::SessionsWithInputs(int limit) {
  // Each session is found by its oldest input, which has none before it. The precedences are named
  // so that the index answers the query.
  Query query(connection_,
              "SELECT session FROM inbox AS oldest WHERE NOT EXISTS"
              " (SELECT 1 FROM inbox WHERE session = oldest.session AND precedence IN (0, 1)"
              "  AND input_id < oldest.input_id) ORDER BY input_id LIMIT ?");
  return All<SessionKey>(query.Bind(limit), FirstInt);
}

template <typename Base>
std::vector<WaitingRow> SqliteReading<Base>::WaitingInputs(SessionKey session, int limit) {
  Query query(connection_,
              "SELECT input_id, body FROM inbox WHERE session = ?"
              " ORDER BY precedence, input_id LIMIT ?");
  return All<WaitingRow>(query.Bind(session).Bind(limit), [](const Query& row) {
    return WaitingRow{.input_id = row.Int(0), .body = row.Bytes(1)};
  });
}

template <typename Base>
std::optional<SessionKey> SqliteReading<Base>::WaitsFor(std::int64_t input_id) {
  Query query(connection_, "SELECT session FROM inbox WHERE input_id = ?");
  return Maybe(query.Bind(input_id));
}

template <typename Base>
std::vector<ParkedRow> SqliteReading<Base>::ParkedFor(const std::string& reference) {
  Query query(connection_,
              "SELECT parked.id, receive_time, body FROM parked_for JOIN parked USING (id)"
              " WHERE reference = ? ORDER BY parked.id");
  return All<ParkedRow>(query.Text(reference), [](const Query& row) {
    return ParkedRow{
        .id = row.Int(0), .receive_time = row.Time(1), .references = {}, .body = row.Bytes(2)};
  });
}

template <typename Base>
std::set<std::int64_t> SqliteReading<Base>::DedupeHours() {
  std::set<std::int64_t> hours;
  Query query(connection_,
              "SELECT substr(name, 8) FROM sqlite_master"
              " WHERE type = 'table' AND name GLOB 'dedupe_[0-9]*'");
  while (query.Next()) hours.insert(std::stoll(query.Bytes(0)));
  return hours;
}

template <typename Base>
bool SqliteReading<Base>::IsClaimed(const std::string& dedupe_key) {
  const std::set<std::int64_t> hours = DedupeHours();
  return std::any_of(hours.rbegin(), hours.rend(), [&](std::int64_t hour) {
    Query query(connection_, absl::StrFormat("SELECT 1 FROM %s WHERE key = ?", DedupeTable(hour)));
    return query.Blob(dedupe_key).Next();
  });
}

template <typename Base>
std::optional<ConsumedRow> SqliteReading<Base>::FindConsumed(std::int64_t input_id) {
  Query query(connection_,
              "SELECT session, step, input_id, body, reply, ignored_reason FROM consumed"
              " WHERE input_id = ?");
  if (!query.Bind(input_id).Next()) return std::nullopt;
  return ReadConsumed(query);
}

template <typename Base>
std::vector<ConsumedRow> SqliteReading<Base>::ConsumedInputs(SessionKey session) {
  Query query(connection_,
              "SELECT session, step, input_id, body, reply, ignored_reason FROM consumed"
              " WHERE session = ? ORDER BY step");
  return All<ConsumedRow>(query.Bind(session), ReadConsumed);
}

template <typename Base>
std::vector<SessionKey> SqliteReading<Base>::SessionsToWake(base::Time now, int limit) {
  Query query(connection_,
              "SELECT key FROM sessions WHERE wake_time <= ?"
              " AND NOT EXISTS (SELECT 1 FROM inbox WHERE session = key)"
              " ORDER BY wake_time, key LIMIT ?");
  return All<SessionKey>(query.Bind(now).Bind(limit), FirstInt);
}

template <typename Base>
std::optional<base::Time> SqliteReading<Base>::NextWakeTime() {
  Query query(
      connection_,
      "SELECT wake_time FROM sessions WHERE wake_time IS NOT NULL ORDER BY wake_time LIMIT 1");
  return MaybeTime(query);
}

template <typename Base>
std::optional<CommandRow> SqliteReading<Base>::FindCommand(SessionKey session,
                                                           std::int32_t number) {
  static const std::string sql =
      absl::StrCat("SELECT ", kCommandColumns, " FROM commands WHERE session = ? AND number = ?");
  Query query(connection_, sql);
  if (!query.Bind(session).Bind(number).Next()) return std::nullopt;
  return ReadCommand(query);
}

template <typename Base>
std::vector<RateClass> SqliteReading<Base>::PendingClasses() {
  std::vector<RateClass> classes;
  // Each rate class costs one seek, however many commands it holds.
  std::int64_t urgency = -1;
  for (bool more = true; more;) {
    Query query(connection_,
                "SELECT urgency, rate_class FROM commands INDEXED BY commands_pending"
                " WHERE status = 1 AND (urgency, rate_class) > (?, ?) ORDER BY urgency, rate_class "
                "LIMIT 1");
    query.Bind(urgency).Text(classes.empty() ? std::string() : classes.back().name);
    more = query.Next();
    if (!more) break;
    classes.push_back(ReadRateClass(query, 0));
    urgency = static_cast<std::int64_t>(classes.back().urgency);
  }
  return classes;
}

template <typename Base>
std::vector<CommandRow> SqliteReading<Base>::PendingInClass(const RateClass& rate_class,
                                                            base::Time now, int limit) {
  static const std::string sql =
      absl::StrCat("SELECT ", kCommandColumns,
                   " FROM commands AS mine INDEXED BY commands_pending"
                   " WHERE status = 1 AND urgency = ? AND rate_class = ? AND not_before_time <= ?"
                   " AND (queue IS NULL OR NOT EXISTS"
                   "  (SELECT 1 FROM commands AS other INDEXED BY commands_queued"
                   "   WHERE other.session = mine.session AND other.queue = mine.queue"
                   "   AND other.status IN (1, 2) AND other.number <> mine.number"
                   "   AND (other.number < mine.number OR other.status = 2)))"
                   " ORDER BY waiting_since_time, session, number LIMIT ?");
  Query query(connection_, sql);
  query.Bind(static_cast<std::int64_t>(rate_class.urgency))
      .Text(rate_class.name)
      .Bind(now)
      .Bind(limit);
  return All<CommandRow>(query, ReadCommand);
}

template <typename Base>
std::optional<base::Time> SqliteReading<Base>::NextCommandTime(base::Time now) {
  Query query(connection_,
              "SELECT not_before_time FROM commands WHERE status = 1 AND not_before_time > ?"
              " ORDER BY not_before_time LIMIT 1");
  return MaybeTime(query.Bind(now));
}

template <typename Base>
std::vector<CommandRow> SqliteReading<Base>::QueuedCommands(SessionKey session) {
  static const std::string sql =
      absl::StrCat("SELECT ", kCommandColumns,
                   " FROM commands INDEXED BY commands_queued WHERE session = ?"
                   " AND status IN (1, 2) AND queue IS NOT NULL ORDER BY number");
  Query query(connection_, sql);
  return All<CommandRow>(query.Bind(session), ReadCommand);
}

template <typename Base>
std::vector<CommandRow> SqliteReading<Base>::InFlightCommands(base::Time taken_before) {
  static const std::string sql = absl::StrCat(
      "SELECT ", kCommandColumns,
      " FROM commands INDEXED BY commands_in_flight WHERE status = 2 AND taken_time < ?"
      " ORDER BY session, number");
  Query query(connection_, sql);
  return All<CommandRow>(query.Bind(taken_before), ReadCommand);
}

template <typename Base>
std::vector<EventRow> SqliteReading<Base>::SessionEvents(SessionKey session, std::int32_t after,
                                                         int limit) {
  Query query(connection_,
              "SELECT shard, position, session, sequence, body FROM events"
              " WHERE session = ? AND sequence > ? ORDER BY sequence LIMIT ?");
  return All<EventRow>(query.Bind(session).Bind(after).Bind(limit), ReadEvent);
}

template <typename Base>
std::vector<EventRow> SqliteReading<Base>::ShardEvents(int shard, std::int64_t after, int limit) {
  Query query(connection_,
              "SELECT shard, position, session, sequence, body FROM events"
              " WHERE shard = ? AND position > ? ORDER BY position LIMIT ?");
  return All<EventRow>(query.Bind(shard).Bind(after).Bind(limit), ReadEvent);
}

template <typename Base>
FeedMarks SqliteReading<Base>::ReadFeedMarks() {
  FeedMarks marks{};
  Query query(connection_, "SELECT shard, last, deleted FROM shards");
  while (query.Next()) {
    marks.at(static_cast<std::size_t>(query.Int(0))) = {.last = query.Int(1),
                                                        .deleted = query.Int(2)};
  }
  return marks;
}

template <typename Base>
std::vector<QuarantineRow> SqliteReading<Base>::Quarantined(std::int64_t before_id, int limit) {
  Query query(connection_, "SELECT id, body FROM quarantine WHERE id < ? ORDER BY id DESC LIMIT ?");
  return All<QuarantineRow>(query.Bind(before_id).Bind(limit), [](const Query& row) {
    return QuarantineRow{.id = row.Int(0), .body = row.Bytes(1)};
  });
}

template <typename Base>
Counts SqliteReading<Base>::CountRows() {
  Counts counts;
  counts.live_sessions =
      Number(connection_, "SELECT count(*) FROM sessions WHERE expire_time IS NULL");
  counts.pending_dials = Number(
      connection_,
      absl::StrFormat("SELECT count(*) FROM commands WHERE status = 1 AND urgency IN (%d, %d)",
                      static_cast<int>(base::Urgency::kDialCallee),
                      static_cast<int>(base::Urgency::kDialCaller)));
  counts.waiting_inputs = Number(connection_, "SELECT count(*) FROM inbox");
  counts.parked = Number(connection_, "SELECT count(*) FROM parked");
  counts.quarantined = Number(connection_, "SELECT count(*) FROM quarantine");
  if (const std::optional<std::string> dropped = this->Meta(kParkedDroppedMeta)) {
    counts.parked_dropped = std::stoll(*dropped);
  }
  return counts;
}

template <typename Base>
Load SqliteReading<Base>::ReadLoad() {
  Load load;
  load.live_sessions =
      Number(connection_, "SELECT count(*) FROM sessions WHERE expire_time IS NULL");
  // The index is named because the planner has no row counts and would rather read all sessions.
  Query query(connection_,
              "SELECT sum(dials_to_come), sum(conferences_to_come), min(dial_by_time)"
              " FROM sessions INDEXED BY sessions_to_dial WHERE dials_to_come > 0");
  if (query.Next()) {
    load.dials_to_come = query.Int(0);
    load.conferences_to_come = query.Int(1);
    load.first_dial_by_time = query.OptionalTime(2);
  }
  load.reusable_bytes =
      Number(connection_, "PRAGMA freelist_count") * Number(connection_, "PRAGMA page_size");
  return load;
}

template class SqliteReading<RowReading<View>>;
template class SqliteReading<RowTransaction>;

}  // namespace callbridge::store
