#include "tests/baselines/kept_store.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "server/base/check.h"
#include "server/store/sqlite/sqlite_store.h"

namespace callbridge::baselines {
namespace {

using store::Connection;
using store::Query;

void Require(const absl::Status& status) {
  base::Check(status.ok(), std::string(status.message()).c_str());
}

std::int64_t Number(Connection& connection, const std::string& sql) {
  Query query(connection, sql);
  return query.Next() ? query.Int(0) : 0;
}

// All of the query's first column.
std::vector<std::string> Column(Connection& connection, const std::string& sql) {
  std::vector<std::string> all;
  Query query(connection, sql);
  while (query.Next()) all.push_back(query.Bytes(0));
  return all;
}

std::vector<std::string> ColumnsOf(Connection& connection, const std::string& table) {
  return Column(connection,
                absl::StrCat("SELECT name FROM pragma_table_info('", table, "') ORDER BY cid"));
}

}  // namespace

KeptStore::KeptStore(const std::string& path, const std::string& service_id) : path_(path) {
  base::Check(!std::filesystem::exists(path), "the database is there already");
  {
    auto made = store::OpenSqliteStore(path);
    Require(made.status());
    Require((*made)->ClaimServiceId(service_id));
  }
  auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
  Require(connection.status());
  connection_ = *std::move(connection);
}

void KeptStore::Take(const std::string& path, const std::set<std::string>& session_ids) {
  connection_->Execute(absl::StrCat("ATTACH '", path, "' AS source; BEGIN IMMEDIATE"));
  inputs_ = Number(*connection_,
                   "SELECT coalesce(max(seq), 0) FROM sqlite_sequence"
                   " WHERE name = 'inbox'");
  for (const std::string& session_id : session_ids) TakeSession(session_id);
  connection_->Execute(
      "DELETE FROM sqlite_sequence WHERE name = 'inbox';"
      "INSERT INTO sqlite_sequence (name, seq) SELECT 'inbox', coalesce(max(id), 0) FROM"
      " (SELECT max(input_id) AS id FROM inbox UNION SELECT max(input_id) FROM consumed"
      "  UNION SELECT max(input_id) FROM requests);"
      "DELETE FROM shards;"
      "INSERT INTO shards SELECT shard, max(position), 0 FROM events GROUP BY shard;"
      "INSERT OR REPLACE INTO meta SELECT name, value FROM source.meta WHERE name <> 'store_id';"
      "COMMIT; DETACH source");
  Require(connection_->TakeFailure());
}

void KeptStore::TakeSession(const std::string& session_id) {
  std::int64_t from = 0;
  {
    Query query(*connection_, "SELECT key FROM source.sessions WHERE session_id = ?");
    base::Check(query.Text(session_id).Next(), "the session is not in the source");
    from = query.Int(0);
  }
  const std::int64_t to =
      1 + Number(*connection_, "SELECT coalesce(max(key), 0) FROM main.sessions");
  for (const std::string& table :
       Column(*connection_,
              "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name IN"
              " (SELECT m.name FROM main.sqlite_master m, pragma_table_info(m.name) c"
              "  WHERE c.name = 'session') ORDER BY name")) {
    CopyRows(table, from, to);
  }
  CopyRows("sessions", from, to);
}

void KeptStore::CopyRows(const std::string& table, std::int64_t from, std::int64_t to) {
  const std::string key = table == "sessions" ? "key" : "session";
  std::vector<std::string> columns;
  std::vector<std::string> values;
  for (const std::string& column : ColumnsOf(*connection_, table)) {
    // SQLite gives the next.
    if (column == "id") continue;
    columns.push_back(column);
    if (column == key) {
      values.push_back(absl::StrCat(to));
    } else if (column == "input_id") {
      values.push_back(absl::StrCat("input_id + ", inputs_));
    } else if (column == "position") {
      // A session's events are in one shard, in their order.
      values.push_back(
          "(SELECT coalesce(max(position), 0) FROM main.events AS kept"
          " WHERE kept.shard = taken.shard AND kept.session <> " +
          absl::StrCat(to, ") + row_number() OVER (ORDER BY sequence)"));
    } else {
      values.push_back(column);
    }
  }
  connection_->Execute(absl::StrCat("INSERT INTO main.", table, " (", absl::StrJoin(columns, ", "),
                                    ") SELECT ", absl::StrJoin(values, ", "), " FROM source.",
                                    table, " AS taken WHERE ", key, " = ", from));
}

void KeptStore::Close() {
  connection_->Execute("PRAGMA journal_mode = DELETE; VACUUM");
  Require(connection_->TakeFailure());
  connection_.reset();
  std::filesystem::remove(path_ + "-lock");
}

}  // namespace callbridge::baselines
