// The tables as a write transaction changes them. There is one for the life of the engine, on the
// only connection that writes; transactions and savepoints are begun and ended by the engine.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/store/sqlite/sqlite_view.h"

namespace callbridge::store {

class SqliteTransaction final : public SqliteReading<Transaction> {
 public:
  explicit SqliteTransaction(Connection& connection) : SqliteReading(connection) {}

  // After a rollback: what is remembered of the file may be wrong.
  void ForgetCaches() { dedupe_hours_.reset(); }

  void LockReferences(const std::vector<std::string>& references) override;
  void SetMeta(const std::string& name, const std::string& value) override;
  SessionKey AddSession(const std::string& session_id, base::Time now,
                        const ToCome& to_come) override;
  void UpdateSession(const SessionRow& row) override;
  void DeleteSession(SessionKey session) override;
  void AddTerm(Term term, const TermRow& session) override;
  void RemoveTerm(Term term, const std::string& session_id) override;
  void AddReference(const std::string& reference, SessionKey session) override;
  void AddRequest(const RequestRow& row) override;
  std::int64_t AddInput(SessionKey session, const std::string& body,
                        Precedence precedence) override;
  void ConsumeInput(const ConsumedRow& row) override;
  void Park(const ParkedRow& row) override;
  std::vector<ParkedRow> TakeParked(const std::string& reference) override;
  void TrimParked(base::Time received_before, std::int64_t keep) override;
  bool ClaimDedupeKey(const std::string& key, base::Time now) override;
  void DropDedupeKeys(base::Time claimed_before) override;
  void PutCommand(const CommandRow& row) override;
  void SetCommandStatus(SessionKey session, std::int32_t number, CommandStatus status,
                        std::optional<base::Time> taken_time) override;
  void TakeOutOfQueue(SessionKey session, std::int32_t number) override;
  void AddEvents(const std::vector<EventRow>& rows) override;
  void AddQuarantined(const std::string& body) override;
  bool DropQuarantined(std::int64_t id) override;
  void TrimQuarantine(std::int64_t keep) override;

 private:
  // The hours that have a table of dedupe keys.
  std::set<std::int64_t>& DedupeHours();
  void DeleteParked(std::int64_t id);

  std::optional<std::set<std::int64_t>> dedupe_hours_;
};

}  // namespace callbridge::store
