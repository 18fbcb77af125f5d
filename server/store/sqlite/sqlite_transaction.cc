#include "server/store/sqlite/sqlite_transaction.h"

#include <absl/strings/str_format.h>

namespace callbridge::store {
void SqliteTransaction::SetMeta(const std::string& name, const std::string& value) {
  Query(connection_,
        "INSERT INTO meta (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value")
      .Text(name)
      .Text(value)
      .Run();
}

SessionKey SqliteTransaction::AddSession(const AddedSession& session) {
  const ToCome& to_come = session.to_come;
  Query(connection_,
        "INSERT INTO sessions (session_id, revision, sequence, steps, state, result, create_time,"
        " stepping_marks, dials_to_come, conferences_to_come, dial_by_time, body)"
        " VALUES (?, 0, 0, 0, 0, 0, ?, 0, ?, ?, ?, x'')")
      .Text(session.session_id)
      .Bind(session.create_time)
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

std::int64_t SqliteTransaction::AddInput(const AddedInput& input) {
  Query(connection_, "INSERT INTO inbox (session, precedence, body) VALUES (?, ?, ?)")
      .Bind(input.session)
      .Bind(static_cast<std::int64_t>(input.precedence))
      .Blob(input.body)
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

void SqliteTransaction::DropParked(std::int64_t id) {
  Query(connection_, "DELETE FROM parked_for WHERE id = ?").Bind(id).Run();
  Query(connection_, "DELETE FROM parked WHERE id = ?").Bind(id).Run();
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
  for (const std::int64_t id : dropped) DropParked(id);
  const std::int64_t before = std::stoll(Meta(kParkedDroppedMeta).value_or("0"));
  SetMeta(kParkedDroppedMeta, std::to_string(before + std::ssize(dropped)));
}

std::set<std::int64_t> SqliteTransaction::DedupeHours() {
  if (!dedupe_hours_) dedupe_hours_ = SqliteReading::DedupeHours();
  return *dedupe_hours_;
}

void SqliteTransaction::AddDedupeKey(const std::string& key, base::Time now) {
  const std::int64_t hour = DedupeHour(now);
  if (!DedupeHours().contains(hour)) {
    connection_.Execute(absl::StrFormat(
        "CREATE TABLE %s (key BLOB PRIMARY KEY) STRICT, WITHOUT ROWID", DedupeTable(hour)));
    dedupe_hours_->insert(hour);
  }
  Query(connection_, absl::StrFormat("INSERT INTO %s (key) VALUES (?)", DedupeTable(hour)))
      .Blob(key)
      .Run();
}

void SqliteTransaction::DropDedupeKeys(base::Time claimed_before) {
  for (const std::int64_t hour : DedupeHours()) {
    if (hour >= DedupeHour(claimed_before)) break;
    connection_.Execute(absl::StrFormat("DROP TABLE %s", DedupeTable(hour)));
    dedupe_hours_->erase(hour);
  }
}

void SqliteTransaction::PutCommand(const CommandRow& row) {
  Query query(connection_,
              "INSERT OR REPLACE INTO commands (session, number, attempt, status, urgency, "
              "rate_class, queue,"
              " not_before_time, waiting_since_time, taken_time, body)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  query.Bind(row.session)
      .Bind(row.number)
      .Bind(row.attempt)
      .Bind(static_cast<std::int64_t>(row.status))
      .Bind(static_cast<std::int64_t>(row.rate_class.urgency))
      .Text(row.rate_class.name);
  row.queue ? query.Text(*row.queue) : query.BindNull();
  query.Bind(row.not_before_time)
      .Bind(row.waiting_since_time)
      .Bind(row.taken_time)
      .Blob(row.body)
      .Run();
}

void SqliteTransaction::ChangeCommand(const CommandChange& change) {
  const char* sql = change.out_of_queue
                        ? "UPDATE commands SET status = ?, taken_time = ?, queue = NULL"
                          " WHERE session = ? AND number = ?"
                        : "UPDATE commands SET status = ?, taken_time = ?"
                          " WHERE session = ? AND number = ?";
  Query(connection_, sql)
      .Bind(static_cast<std::int64_t>(change.status))
      .Bind(change.taken_time)
      .Bind(change.id.first)
      .Bind(change.id.second)
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

void SqliteTransaction::DropQuarantined(std::int64_t id) {
  Query(connection_, "DELETE FROM quarantine WHERE id = ?").Bind(id).Run();
}

void SqliteTransaction::TrimQuarantine(std::int64_t keep) {
  Query(connection_,
        "DELETE FROM quarantine WHERE id <="
        " (SELECT id FROM quarantine ORDER BY id DESC LIMIT 1 OFFSET ?)")
      .Bind(keep)
      .Run();
}

}  // namespace callbridge::store
