#include "server/store/sqlite/schema.h"

#include <absl/strings/str_format.h>

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "callbridge/internal/v1/input.pb.h"
#include "server/base/limits.h"
#include "server/store/messages.h"
#include "server/store/rules/ledger.h"
#include "server/store/rules/to_come.h"

namespace callbridge::store {
namespace {

// Tables that change often grow at their end. Their keys begin with a number that only rises: a row
// id, or the session's key, whose highest values belong to living sessions. Therefore one
// transaction touches few pages. Only references and request_ids have random keys, a few of each in
// a session's life. Times are nanoseconds since 1970.
constexpr char kVersion1[] = R"sql(
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  state INTEGER NOT NULL,
  result INTEGER NOT NULL,
  create_time INTEGER NOT NULL,
  end_time INTEGER,
  expire_time INTEGER,
  wake_time INTEGER,
  stepping_marks INTEGER NOT NULL,
  body BLOB NOT NULL) STRICT;
CREATE INDEX sessions_alive ON sessions (session_id) WHERE expire_time IS NULL;
CREATE INDEX sessions_ended ON sessions (end_time) WHERE end_time IS NOT NULL;
CREATE INDEX sessions_expire ON sessions (expire_time) WHERE expire_time IS NOT NULL;
CREATE INDEX sessions_wake ON sessions (wake_time) WHERE wake_time IS NOT NULL;

CREATE TABLE session_references (reference TEXT PRIMARY KEY, session INTEGER NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE INDEX session_references_of ON session_references (session);

CREATE TABLE requests (
  request_id TEXT PRIMARY KEY,
  digest BLOB NOT NULL,
  session INTEGER NOT NULL,
  input_id INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX requests_of ON requests (session);

CREATE TABLE inbox (
  input_id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL,
  body BLOB NOT NULL) STRICT;
CREATE INDEX inbox_of ON inbox (session, input_id);

CREATE TABLE consumed (
  session INTEGER NOT NULL,
  step INTEGER NOT NULL,
  input_id INTEGER,
  body BLOB NOT NULL,
  reply BLOB,
  ignored_reason TEXT NOT NULL,
  PRIMARY KEY (session, step)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX consumed_id ON consumed (input_id) WHERE input_id IS NOT NULL;

CREATE TABLE parked (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  receive_time INTEGER NOT NULL,
  body BLOB NOT NULL) STRICT;
CREATE INDEX parked_age ON parked (receive_time, id);
CREATE TABLE parked_for (
  reference TEXT NOT NULL,
  id INTEGER NOT NULL,
  PRIMARY KEY (reference, id)) STRICT, WITHOUT ROWID;
CREATE INDEX parked_for_of ON parked_for (id);

CREATE TABLE commands (
  session INTEGER NOT NULL,
  number INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  status INTEGER NOT NULL,
  urgency INTEGER NOT NULL,
  not_before_time INTEGER NOT NULL,
  waiting_since_time INTEGER NOT NULL,
  taken_time INTEGER,
  body BLOB NOT NULL,
  PRIMARY KEY (session, number)) STRICT, WITHOUT ROWID;
CREATE INDEX commands_pending ON commands (urgency, waiting_since_time, session, number)
  WHERE status = 1;
CREATE INDEX commands_later ON commands (not_before_time) WHERE status = 1;
CREATE INDEX commands_in_flight ON commands (taken_time) WHERE status = 2;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  shard INTEGER NOT NULL,
  position INTEGER NOT NULL,
  session INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  body BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX events_feed ON events (shard, position);
CREATE UNIQUE INDEX events_of ON events (session, sequence);
CREATE TABLE shards (
  shard INTEGER PRIMARY KEY,
  last INTEGER NOT NULL,
  deleted INTEGER NOT NULL) STRICT;

CREATE TABLE quarantine (id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT;
)sql";

// Departures of commands are stepped before all other waiting inputs (rows.h, Precedence).
constexpr char kVersion2[] = R"sql(
ALTER TABLE inbox ADD COLUMN precedence INTEGER NOT NULL DEFAULT 1;
DROP INDEX inbox_of;
CREATE INDEX inbox_of ON inbox (session, precedence, input_id);
)sql";

// The terms by which sessions are found (terms.h). Existing sessions get their terms in Maintain, a
// few at a time. Reading all of them at once would delay the start of a large store. "~" is above
// every id.
constexpr char kVersion3[] = R"sql(
CREATE TABLE session_terms (
  term INTEGER NOT NULL,
  session_id TEXT NOT NULL,
  session INTEGER NOT NULL,
  PRIMARY KEY (term, session_id)) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) SELECT 'terms_from', '~' WHERE EXISTS (SELECT 1 FROM sessions);
)sql";

// Adds the numbers of dials and conferences that sessions will still request (to_come.h).
constexpr char kVersion4[] = R"sql(
ALTER TABLE sessions ADD COLUMN dials_to_come INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN conferences_to_come INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN dial_by_time INTEGER;
CREATE INDEX sessions_to_dial ON sessions (dial_by_time, dials_to_come, conferences_to_come)
  WHERE dials_to_come > 0;
)sql";

// Pending commands are found by their rate class, which was called lane, and the first of each
// queue (rows.h).
constexpr char kVersion5[] = R"sql(
ALTER TABLE commands ADD COLUMN lane TEXT NOT NULL DEFAULT '';
ALTER TABLE commands ADD COLUMN queue TEXT;
DROP INDEX commands_pending;
CREATE INDEX commands_pending ON commands (urgency, lane, waiting_since_time, session, number)
  WHERE status = 1;
CREATE INDEX commands_queued ON commands (session, queue, number, status)
  WHERE status IN (1, 2) AND queue IS NOT NULL;
)sql";

// Programs of version 5 do not know that sessions have layouts (decision 0043). They would step the
// sessions of this version as if they were their own, so the new version makes them refuse the
// file. The column is renamed because a lane is now what a leg hears.
constexpr char kVersion6[] = "ALTER TABLE commands RENAME COLUMN lane TO rate_class;";

// Marks the departures among the waiting inputs. Version 1 did not record them, so their content
// tells them.
void PutTakenFirst(Connection& connection) {
  std::vector<std::int64_t> taken;
  {
    Query query(connection, "SELECT input_id, body FROM inbox");
    while (query.Next()) {
      if (Parse<internal::v1::Input>(query.Bytes(1)).has_command_taken()) {
        taken.push_back(query.Int(0));
      }
    }
  }
  for (const std::int64_t input_id : taken) {
    Query(connection, "UPDATE inbox SET precedence = 0 WHERE input_id = ?").Bind(input_id).Run();
  }
}

void CountDialsToCome(Connection& connection) {
  std::vector<std::pair<std::int64_t, ToCome>> sessions;
  {
    Query query(connection, "SELECT key, body FROM sessions WHERE expire_time IS NULL");
    while (query.Next()) {
      const ToCome to_come = ToComeOf(Parse<internal::v1::Session>(query.Bytes(1)));
      if (to_come.dials > 0) sessions.emplace_back(query.Int(0), to_come);
    }
  }
  for (const auto& [key, to_come] : sessions) {
    Query(connection,
          "UPDATE sessions SET dials_to_come = ?, conferences_to_come = ?, dial_by_time = ?"
          " WHERE key = ?")
        .Bind(static_cast<std::int64_t>(to_come.dials))
        .Bind(static_cast<std::int64_t>(to_come.conferences))
        .Bind(to_come.dial_by_time)
        .Bind(key)
        .Run();
  }
}

// Fills in the rate class, the queue and the urgency of each command that is pending or in flight.
// Version 4 did not record the first two and had fewer urgencies, so the command's content tells
// them.
void PutIntoClasses(Connection& connection) {
  std::vector<CommandRow> rows;
  {
    Query query(connection,
                "SELECT session, status, waiting_since_time, body FROM commands"
                " WHERE status IN (1, 2)");
    while (query.Next()) {
      rows.push_back(MakeCommandRow(query.Int(0), Parse<internal::v1::Command>(query.Bytes(3)),
                                    static_cast<CommandStatus>(query.Int(1)), query.Time(2)));
    }
  }
  for (const CommandRow& row : rows) {
    Query query(connection,
                "UPDATE commands SET urgency = ?, lane = ?, queue = ?"
                " WHERE session = ? AND number = ?");
    query.Bind(static_cast<std::int64_t>(row.rate_class.urgency)).Text(row.rate_class.name);
    row.queue ? query.Text(*row.queue) : query.BindNull();
    query.Bind(row.session).Bind(row.number).Run();
  }
}

struct Migration {
  const char* sql;
  // Runs after the SQL, in the same transaction. Null means that there is no such step.
  void (*then)(Connection&);
};

constexpr std::array<Migration, 6> kMigrations = {{{.sql = kVersion1, .then = nullptr},
                                                   {.sql = kVersion2, .then = PutTakenFirst},
                                                   {.sql = kVersion3, .then = nullptr},
                                                   {.sql = kVersion4, .then = CountDialsToCome},
                                                   {.sql = kVersion5, .then = PutIntoClasses},
                                                   {.sql = kVersion6, .then = nullptr}}};

// `why` is the last failure that was taken from the connection.
absl::Status CannotPrepare(const Connection& connection, const std::string& path,
                           const absl::Status& why) {
  if (connection.was_unreadable()) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the file \"%s\" is not a store (%s): choose another path, or restore a backup", path,
        std::string(why.message())));
  }
  return absl::UnavailableError(
      absl::StrFormat("the store \"%s\" cannot be used now (%s): check the disk and its free "
                      "space, then start again",
                      path, std::string(why.message())));
}

absl::Status Migrate(Connection& connection, const std::string& path) {
  std::int64_t version = VersionOf(connection);
  const std::int64_t newest = NewestVersion();
  if (version > newest) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the store \"%s\" has version %d and this program knows versions up to %d: start the newer "
        "program, or restore a backup made before it ran",
        path, version, newest));
  }
  for (; version < newest && !connection.failed(); ++version) {
    connection.Execute("BEGIN IMMEDIATE");
    const Migration& migration = kMigrations.at(static_cast<std::size_t>(version));
    connection.Execute(migration.sql);
    if (migration.then != nullptr) migration.then(connection);
    connection.Execute(absl::StrFormat("PRAGMA user_version = %d", version + 1));
    connection.Execute("COMMIT");
  }
  const absl::Status failure = connection.TakeFailure();
  if (failure.ok()) return absl::OkStatus();
  if (connection.was_unreadable()) return CannotPrepare(connection, path, failure);
  return absl::UnavailableError(absl::StrFormat(
      "the store \"%s\" could not be brought to version %d (%s): check the disk and "
      "its free space, then start again",
      path, newest, std::string(failure.message())));
}

}  // namespace

std::int64_t NewestVersion() { return static_cast<std::int64_t>(kMigrations.size()); }

std::int64_t VersionOf(Connection& connection) {
  Query query(connection, "PRAGMA user_version");
  return query.Next() ? query.Int(0) : 0;
}

absl::Status PrepareFile(Connection& connection, const std::string& path) {
  // The cache has 16 MiB. The log file is cut when it begins again and has outgrown its limit.
  connection.Execute(absl::StrFormat(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; "
      "PRAGMA journal_size_limit = %d;",
      base::kLogBytesKept));
  absl::Status status = connection.TakeFailure();
  if (!status.ok()) return CannotPrepare(connection, path, status);
  status = Migrate(connection, path);
  if (status.ok()) connection.CrashOnDamage();
  return status;
}

}  // namespace callbridge::store
