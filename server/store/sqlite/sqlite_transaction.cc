#include "server/store/sqlite/sqlite_transaction.h"

#include <absl/strings/str_format.h>

#include "server/base/check.h"

namespace callbridge::store {
namespace {

constexpr char kDedupePrefix[] = "dedupe_";

std::string DedupeTable(std::int64_t hour) { return absl::StrFormat("%s%d", kDedupePrefix, hour); }

}  // namespace

void SqliteTransaction::LockReferences(const std::vector<std::string>& references) {
  // There is one writer; all that is left to do is to hold the callers to the contract.
  for (const std::string& reference : references) {
    base::Check(!reference.empty(), "an empty reference leads nowhere");
  }
}

void SqliteTransaction::SetMeta(const std::string& name, const std::string& value) {
  Query(connection_,
        "INSERT INTO meta (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value")
      .Text(name)
      .Text(value)
      .Run();
}

SessionKey SqliteTransaction::AddSession(const std::string& session_id, base::Time now,
                                         const ToCome& to_come) {
  Query(connection_,
        "INSERT INTO sessions (session_id, revision, sequence, steps, state, result, create_time,"
        " stepping_marks, dials_to_come, conferences_to_come, dial_by_time, body)"
        " VALUES (?, 0, 0, 0, 0, 0, ?, 0, ?, ?, ?, x'')")
      .Text(session_id)
      .Bind(now)
      .Bind(static_cast<std::int64_t>(to_come.dials))
      .Bind(static_cast<std::int64_t>(to_come.conferences))
      .Bind(to_come.dial_by_time)
      .Run();
  return connection_.last_insert_rowid();
}

void SqliteTransaction::UpdateSession(const SessionRow& row) {
  Query(connection_,
        "UPDATE sessions SET revision = ?, sequence = ?, steps = ?, state = ?, result = ?,"
        " create_time = ?, end_time = ?, expire_time = ?, wake_time = ?, stepping_marks = ?,"
        " dials_to_come = ?, conferences_to_come = ?, dial_by_time = ?, body = ? WHERE key = ?")
      .Bind(row.revision)
      .Bind(row.sequence)
      .Bind(row.steps)
      .Bind(row.state)
      .Bind(row.result)
      .Bind(row.create_time)
      .Bind(row.end_time)
      .Bind(row.expire_time)
      .Bind(row.wake_time)
      .Bind(row.stepping_marks)
      .Bind(static_cast<std::int64_t>(row.to_come.dials))
      .Bind(static_cast<std::int64_t>(row.to_come.conferences))
      .Bind(row.to_come.dial_by_time)
      .Blob(row.body)
      .Bind(row.key)
      .Run();
}

void SqliteTransaction::DeleteSession(SessionKey session) {
  Query(connection_,
        "UPDATE shards SET deleted = max(deleted, gone.position) FROM"
        " (SELECT shard, max(position) AS position FROM events WHERE session = ? GROUP BY shard)"
        " AS gone WHERE shards.shard = gone.shard")
      .Bind(session)
      .Run();
  for (const char* sql :
       {"DELETE FROM events WHERE session = ?", "DELETE FROM commands WHERE session = ?",
        "DELETE FROM consumed WHERE session = ?", "DELETE FROM inbox WHERE session = ?",
        "DELETE FROM requests WHERE session = ?",
        "DELETE FROM session_references WHERE session = ?", "DELETE FROM sessions WHERE key = ?"}) {
    Query(connection_, sql).Bind(session).Run();
  }
}

void SqliteTransaction::AddTerm(Term term, const TermRow& session) {
  Query(connection_,
        "INSERT OR IGNORE INTO session_terms (term, session_id, session) VALUES (?, ?, ?)")
      .Bind(term)
      .Text(session.session_id)
      .Bind(session.session)
      .Run();
}

void SqliteTransaction::RemoveTerm(Term term, const std::string& session_id) {
  Query(connection_, "DELETE FROM session_terms WHERE term = ? AND session_id = ?")
      .Bind(term)
      .Text(session_id)
      .Run();
}

void SqliteTransaction::AddReference(const std::string& reference, SessionKey session) {
  Query(connection_, "INSERT INTO session_references (reference, session) VALUES (?, ?)")
      .Text(reference)
      .Bind(session)
      .Run();
}

void SqliteTransaction::AddRequest(const RequestRow& row) {
  Query(connection_,
        "INSERT INTO requests (request_id, digest, session, input_id) VALUES (?, ?, ?, ?)")
      .Text(row.request_id)
      .Blob(row.digest)
      .Bind(row.session)
      .Bind(row.input_id)
      .Run();
}

std::int64_t SqliteTransaction::AddInput(SessionKey session, const std::string& body,
                                         Precedence precedence) {
  Query(connection_, "INSERT INTO inbox (session, precedence, body) VALUES (?, ?, ?)")
      .Bind(session)
      .Bind(static_cast<std::int64_t>(precedence))
      .Blob(body)
      .Run();
  return connection_.last_insert_rowid();
}

void SqliteTransaction::ConsumeInput(const ConsumedRow& row) {
  if (row.input_id != 0) {
    Query(connection_, "DELETE FROM inbox WHERE input_id = ?").Bind(row.input_id).Run();
  }
  Query query(connection_,
              "INSERT INTO consumed (session, step, input_id, body, reply, ignored_reason)"
              " VALUES (?, ?, ?, ?, ?, ?)");
  query.Bind(row.session).Bind(row.step);
  row.input_id == 0 ? query.BindNull() : query.Bind(row.input_id);
  query.Blob(row.body);
  row.reply ? query.Blob(*row.reply) : query.BindNull();
  query.Text(row.ignored_reason).Run();
}

void SqliteTransaction::Park(const ParkedRow& row) {
  Query(connection_, "INSERT INTO parked (receive_time, body) VALUES (?, ?)")
      .Bind(row.receive_time)
      .Blob(row.body)
      .Run();
  const std::int64_t id = connection_.last_insert_rowid();
  for (const std::string& reference : row.references) {
    Query(connection_, "INSERT INTO parked_for (reference, id) VALUES (?, ?)")
        .Text(reference)
        .Bind(id)
        .Run();
  }
}

void SqliteTransaction::DeleteParked(std::int64_t id) {
  Query(connection_, "DELETE FROM parked_for WHERE id = ?").Bind(id).Run();
  Query(connection_, "DELETE FROM parked WHERE id = ?").Bind(id).Run();
}

std::vector<ParkedRow> SqliteTransaction::TakeParked(const std::string& reference) {
  std::vector<ParkedRow> taken;
  {
    Query query(connection_,
                "SELECT parked.id, receive_time, body FROM parked_for JOIN parked USING (id)"
                " WHERE reference = ? ORDER BY parked.id");
    query.Text(reference);
    while (query.Next()) {
      ParkedRow& row = taken.emplace_back();
      row.id = query.Int(0);
      row.receive_time = query.Time(1);
      row.body = query.Bytes(2);
    }
  }
  for (const ParkedRow& row : taken) DeleteParked(row.id);
  return taken;
}

void SqliteTransaction::TrimParked(base::Time received_before, std::int64_t keep) {
  std::vector<std::int64_t> dropped;
  {
    Query query(connection_,
                "SELECT id FROM parked WHERE receive_time < ?1 UNION"
                " SELECT id FROM (SELECT id FROM parked ORDER BY receive_time DESC, id DESC"
                "  LIMIT -1 OFFSET ?2)");
    query.Bind(received_before).Bind(keep);
    while (query.Next()) dropped.push_back(query.Int(0));
  }
  if (dropped.empty()) return;
  for (const std::int64_t id : dropped) DeleteParked(id);
  const std::int64_t before = std::stoll(Meta(kParkedDroppedMeta).value_or("0"));
  SetMeta(kParkedDroppedMeta, std::to_string(before + std::ssize(dropped)));
}

std::set<std::int64_t>& SqliteTransaction::DedupeHours() {
  if (!dedupe_hours_) {
    std::set<std::int64_t> hours;
    Query query(connection_,
                "SELECT substr(name, 8) FROM sqlite_master"
                " WHERE type = 'table' AND name GLOB 'dedupe_[0-9]*'");
    while (query.Next()) hours.insert(std::stoll(query.Bytes(0)));
    dedupe_hours_ = std::move(hours);
  }
  return *dedupe_hours_;
}

bool SqliteTransaction::ClaimDedupeKey(const std::string& key, base::Time now) {
  std::set<std::int64_t>& hours = DedupeHours();
  const std::int64_t current = DedupeHour(now);
  for (auto hour = hours.rbegin(); hour != hours.rend(); ++hour) {
    Query query(connection_, absl::StrFormat("SELECT 1 FROM %s WHERE key = ?", DedupeTable(*hour)));
    if (query.Blob(key).Next()) return false;
  }
  if (!hours.contains(current)) {
    connection_.Execute(absl::StrFormat(
        "CREATE TABLE %s (key BLOB PRIMARY KEY) STRICT, WITHOUT ROWID", DedupeTable(current)));
    hours.insert(current);
  }
  Query(connection_, absl::StrFormat("INSERT INTO %s (key) VALUES (?)", DedupeTable(current)))
      .Blob(key)
      .Run();
  return true;
}

void SqliteTransaction::DropDedupeKeys(base::Time claimed_before) {
  std::set<std::int64_t>& hours = DedupeHours();
  while (!hours.empty() && *hours.begin() < DedupeHour(claimed_before)) {
    connection_.Execute(absl::StrFormat("DROP TABLE %s", DedupeTable(*hours.begin())));
    hours.erase(hours.begin());
  }
}

void SqliteTransaction::PutCommand(const CommandRow& row) {
  Query query(
      connection_,
      "INSERT OR REPLACE INTO commands (session, number, attempt, status, urgency, lane, queue,"
      " not_before_time, waiting_since_time, taken_time, body)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  query.Bind(row.session)
      .Bind(row.number)
      .Bind(row.attempt)
      .Bind(static_cast<std::int64_t>(row.status))
      .Bind(static_cast<std::int64_t>(row.lane.urgency))
      .Text(row.lane.name);
  row.queue ? query.Text(*row.queue) : query.BindNull();
  query.Bind(row.not_before_time)
      .Bind(row.waiting_since_time)
      .Bind(row.taken_time)
      .Blob(row.body)
      .Run();
}

void SqliteTransaction::SetCommandStatus(SessionKey session, std::int32_t number,
                                         CommandStatus status,
                                         std::optional<base::Time> taken_time) {
  Query(connection_,
        "UPDATE commands SET status = ?, taken_time = ? WHERE session = ? AND number = ?")
      .Bind(static_cast<std::int64_t>(status))
      .Bind(taken_time)
      .Bind(session)
      .Bind(number)
      .Run();
}

void SqliteTransaction::TakeOutOfQueue(SessionKey session, std::int32_t number) {
  Query(connection_, "UPDATE commands SET queue = NULL WHERE session = ? AND number = ?")
      .Bind(session)
      .Bind(number)
      .Run();
}

void SqliteTransaction::AddEvents(const std::vector<EventRow>& rows) {
  for (const EventRow& row : rows) {
    std::int64_t position = 0;
    {
      Query query(connection_,
                  "INSERT INTO shards (shard, last, deleted) VALUES (?, 1, 0)"
                  " ON CONFLICT (shard) DO UPDATE SET last = last + 1 RETURNING last");
      if (query.Bind(row.shard).Next()) position = query.Int(0);
      query.Run();
    }
    Query(connection_,
          "INSERT INTO events (shard, position, session, sequence, body) VALUES (?, ?, ?, ?, ?)")
        .Bind(row.shard)
        .Bind(position)
        .Bind(row.session)
        .Bind(row.sequence)
        .Blob(row.body)
        .Run();
  }
}

void SqliteTransaction::AddQuarantined(const std::string& body) {
  Query(connection_, "INSERT INTO quarantine (body) VALUES (?)").Blob(body).Run();
}

bool SqliteTransaction::DropQuarantined(std::int64_t id) {
  Query(connection_, "DELETE FROM quarantine WHERE id = ?").Bind(id).Run();
  return connection_.changes() > 0;
}

void SqliteTransaction::TrimQuarantine(std::int64_t keep) {
  Query(connection_,
        "DELETE FROM quarantine WHERE id <="
        " (SELECT id FROM quarantine ORDER BY id DESC LIMIT 1 OFFSET ?)")
      .Bind(keep)
      .Run();
}

}  // namespace callbridge::store
