// A transaction while the rules work on it: what was loaded for them, as they have changed it so
// far. The rules look things up and change them one by one; nothing reaches the engine before
// Write, which hands over all of it at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/store/tables.h"

namespace callbridge::store {

// What the rules look up must have been loaded: whatever was not counts as absent. The transaction
// must outlive the draft.
class Draft {
 public:
  explicit Draft(Transaction& tables) : tables_(tables) {}

  // Locks these keys in their one order.
  void Lock(std::vector<std::string> keys);
  // May be called again, before the first change.
  void Find(const Wanted& wanted);
  // Hands all changes to the engine. Once.
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

  // Negative: it gets its key when it is written.
  SessionKey AddSession(const std::string& session_id, base::Time now, const ToCome& to_come);
  void UpdateSession(const SessionRow& row);
  void DeleteSession(SessionKey session) { changes_.deleted_sessions.push_back(session); }
  void AddTerm(Term term, const TermRow& session) { changes_.terms.push_back({term, session}); }
  void RemoveTerm(Term term, const TermRow& session) {
    changes_.terms.push_back({term, session, false});
  }
  void AddReference(const std::string& reference, SessionKey session);
  void AddRequest(const RequestRow& row);
  // Negative: it gets its number when it is written.
  std::int64_t AddInput(SessionKey session, const std::string& body, Precedence precedence);
  void ConsumeInput(const ConsumedRow& row);
  void Park(const ParkedRow& row) { changes_.parked.push_back(row); }
  // Removes and returns those that wait for this reference, oldest first.
  std::vector<ParkedRow> TakeParked(const std::string& reference);
  // False: it was claimed before.
  bool ClaimDedupeKey(const std::string& key, base::Time now);
  void PutCommand(const CommandRow& row);
  // Of a command that was found.
  void SetCommandStatus(SessionKey session, std::int32_t number, CommandStatus status,
                        std::optional<base::Time> taken_time);
  // From now on it holds up nothing of its queue. Nothing, if there is no such command.
  void TakeOutOfQueue(SessionKey session, std::int32_t number);
  void AddEvent(EventRow row) { changes_.events.push_back(std::move(row)); }

  // For what the rules change without looking.
  WriteSet& changes() { return changes_; }

 private:
  // Stores a command that was found and has changed.
  void Change(const CommandRow& row);

  Transaction& tables_;
  Found found_;
  WriteSet changes_;
};

}  // namespace callbridge::store
