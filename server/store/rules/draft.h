// A transaction while the rules work on it: the loaded rows, with the changes made so far. The
// rules look rows up and change them one by one. Only Write() hands changes to the engine, all at
// once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/store/tables.h"

namespace callbridge::store {

// Rows that the rules look up must be loaded before; a row that was not loaded counts as absent.
// The transaction must outlive the draft.
class Draft {
 public:
  explicit Draft(Transaction& tables) : tables_(tables) {}

  // Locks these keys in sorted order.
  void Lock(std::vector<std::string> keys);
  // Loads rows. It may be called again before the first change.
  void Find(const Wanted& wanted);
  // Hands all changes to the engine. It may be called once.
  AddedRows Write();

  std::optional<SessionKey> FindSession(const std::string& session_id) const;
  std::string SessionId(SessionKey session) const;
  std::optional<SessionRow> LoadSession(SessionKey session) const;
  std::optional<SessionKey> FindReference(const std::string& reference) const;
  std::optional<RequestRow> FindRequest(const std::string& request_id) const;
  std::optional<SessionKey> WaitsFor(std::int64_t input_id) const;
  std::vector<WaitingRow> WaitingInputs(SessionKey session) const;
  std::optional<CommandRow> FindCommand(SessionKey session, std::int32_t number) const;
  std::vector<CommandRow> QueuedCommands(SessionKey session) const;

  // Adds a session. Its key is negative until the session is written.
  SessionKey AddSession(const std::string& session_id, base::Time now, const ToCome& to_come);
  void UpdateSession(const SessionRow& row);
  void DeleteSession(SessionKey session) { changes_.deleted_sessions.push_back(session); }
  void AddTerm(Term term, const TermRow& session) { changes_.terms.push_back({term, session}); }
  void RemoveTerm(Term term, const TermRow& session) {
    changes_.terms.push_back({term, session, false});
  }
  void AddReference(const std::string& reference, SessionKey session);
  void AddRequest(const RequestRow& row);
  // Adds an input. Its number is negative until the input is written.
  std::int64_t AddInput(SessionKey session, const std::string& body, Precedence precedence);
  void ConsumeInput(const ConsumedRow& row);
  void Park(const ParkedRow& row) { changes_.parked.push_back(row); }
  // Removes and returns the parked inputs that wait for this reference, oldest first.
  std::vector<ParkedRow> TakeParked(const std::string& reference);
  // Claims the key. Returns false if it was claimed before.
  bool ClaimDedupeKey(const std::string& key, base::Time now);
  void PutCommand(const CommandRow& row);
  // Changes the status of a command that was loaded.
  void SetCommandStatus(SessionKey session, std::int32_t number, CommandStatus status,
                        std::optional<base::Time> taken_time);
  // Removes the command from its queue, so that it delays no other command. It does nothing if the
  // command does not exist.
  void TakeOutOfQueue(SessionKey session, std::int32_t number);
  void AddEvent(EventRow row) { changes_.events.push_back(std::move(row)); }

  // Changes that the rules make without looking rows up.
  WriteSet& changes() { return changes_; }

 private:
  // Stores a loaded command that has changed.
  void Change(const CommandRow& row);

  Transaction& tables_;
  Found found_;
  WriteSet changes_;
};

}  // namespace callbridge::store
