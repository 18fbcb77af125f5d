// The tables as a write transaction changes them. The engine has one such object, on the only
// connection that writes; the engine begins and ends transactions and savepoints.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/store/sqlite/sqlite_view.h"

namespace callbridge::store {

class SqliteTransaction final : public SqliteReading<RowTransaction> {
 public:
  explicit SqliteTransaction(Connection& connection) : SqliteReading(connection) {}

  // Forgets what is remembered of the file, because it may be wrong after a rollback.
  void ForgetCaches() { dedupe_hours_.reset(); }

  // SQLite has one writer, so there is no other writer to lock out.
  void Lock(const std::vector<std::string>&) override {}

 protected:
  void SetMeta(const std::string& name, const std::string& value) override;
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
  void DropParked(std::int64_t id) override;
  void TrimParked(base::Time received_before, std::int64_t keep) override;
  void AddDedupeKey(const std::string& key, base::Time now) override;
  void DropDedupeKeys(base::Time claimed_before) override;
  void PutCommand(const CommandRow& row) override;
  void ChangeCommand(const CommandChange& change) override;
  void AddEvents(const std::vector<EventRow>& rows) override;
  void AddQuarantined(const std::string& body) override;
  void DropQuarantined(std::int64_t id) override;
  void TrimQuarantine(std::int64_t keep) override;

  std::set<std::int64_t> DedupeHours() override;

 private:
  std::optional<std::set<std::int64_t>> dedupe_hours_;
};

}  // namespace callbridge::store
