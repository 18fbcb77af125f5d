// The engine in memory checks how the rules lock, because an engine with several writers relies on
// it. Locks come sorted, once in a transaction, and each change needs one.
#include <algorithm>
#include <functional>
#include <iterator>

#include "server/base/check.h"
#include "server/store/memory/memory_tables.h"

namespace callbridge::store {

using base::Check;

void MemoryTables::Lock(const std::vector<std::string>& keys) {
  Check(!locked_, "a transaction locks twice");
  // greater_equal also finds equal neighbours, because no key may stand twice.
  Check(std::adjacent_find(keys.begin(), keys.end(), std::greater_equal<>()) == keys.end(),
        "the keys of a transaction's locks are not sorted, or not all different");
  locked_.emplace(keys.begin(), keys.end());
}

AddedRows MemoryTables::Write(const WriteSet& changes) {
  for (const auto& [name, value] : changes.metas) {
    Check(IsLocked(MetaLock(name)), "what the store says of itself is changed and not locked");
  }
  CheckSessionsLocked(changes);
  CheckInboxLocked(changes);
  return RowTransaction::Write(changes);
}

bool MemoryTables::IsLocked(const std::string& key) const {
  return locked_ && locked_->contains(key);
}

bool MemoryTables::IsSessionLocked(SessionKey session) const {
  const auto row = sessions_.find(session);
  return row != sessions_.end() && IsLocked(SessionLock(row->second.session_id));
}

void MemoryTables::CheckSessionsLocked(const WriteSet& changes) const {
  constexpr char kUnlocked[] = "a session is changed and not locked";
  for (const AddedSession& session : changes.added_sessions) {
    Check(IsLocked(SessionLock(session.session_id)), kUnlocked);
  }
  for (const auto& [key, row] : changes.sessions) Check(IsSessionLocked(key), kUnlocked);
  for (const ConsumedRow& row : changes.consumed) Check(IsSessionLocked(row.session), kUnlocked);
  for (const auto& [id, row] : changes.commands) Check(IsSessionLocked(id.first), kUnlocked);
  for (const auto& [id, row] : changes.command_changes) {
    Check(IsSessionLocked(id.first), kUnlocked);
  }
  for (const TermChange& term : changes.terms) {
    Check(IsSessionLocked(term.session.session), kUnlocked);
  }
  for (const EventRow& row : changes.events) Check(IsSessionLocked(row.session), kUnlocked);
  for (const SessionKey session : changes.deleted_sessions) {
    Check(IsSessionLocked(session), kUnlocked);
    for (auto one = references_of_.lower_bound({session, ""});
         one != references_of_.end() && one->first == session; ++one) {
      Check(IsLocked(one->second), "a session is deleted, and a reference to it is not locked");
    }
  }
}

void MemoryTables::CheckInboxLocked(const WriteSet& changes) const {
  for (const auto& [reference, session] : changes.references) {
    Check(IsLocked(reference), "a reference is added and not locked");
  }
  for (const AddedInput& input : changes.added_inputs) {
    // CheckSessionsLocked has checked the lock of a session that is added.
    bool locked = input.session < 0 || IsSessionLocked(input.session);
    for (auto one = references_of_.lower_bound({input.session, ""});
         !locked && one != references_of_.end() && one->first == input.session; ++one) {
      locked = IsLocked(one->second);
    }
    Check(locked, "an input is added, and nothing that leads to its session is locked");
  }
  for (const std::int64_t id : changes.taken_parked) {
    const std::vector<std::string>& references = parked_.at(id).references;
    Check(std::any_of(references.begin(), references.end(),
                      [this](const std::string& reference) { return IsLocked(reference); }),
          "a parked input is taken, and no reference that it waits for is locked");
  }
  for (const ParkedRow& row : changes.parked) {
    for (const std::string& reference : row.references) {
      Check(IsLocked(reference),
            "an input is parked, and a reference that it waits for is not "
            "locked");
    }
  }
  for (const RequestRow& row : changes.requests) {
    Check(IsLocked(RequestLock(row.request_id)), "a request_id is taken and not locked");
  }
  for (const auto& [key, time] : changes.dedupe_keys) {
    Check(IsLocked(DedupeLock(key)), "a dedupe key is claimed and not locked");
  }
}

}  // namespace callbridge::store
