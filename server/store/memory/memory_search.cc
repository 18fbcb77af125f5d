// Finds the sessions that lists and snapshots ask for.
#include <string>
#include <vector>

#include "server/store/memory/memory_tables.h"

namespace callbridge::store {

std::vector<SessionHead> MemoryTables::SessionHeads(const SessionRange& range, int limit) {
  std::vector<SessionHead> heads;
  auto end = range.below.empty() ? session_ids_.end() : session_ids_.lower_bound(range.below);
  while (end != session_ids_.begin() && std::ssize(heads) < limit) {
    --end;
    if (end->first < range.from) break;
    const SessionRow& row = sessions_.at(end->second);
    if (!range.living || !row.expire_time) heads.push_back(HeadOf(row));
  }
  return heads;
}

std::vector<SessionHead> MemoryTables::EndedSessions(base::Time after, base::Time end_time,
                                                     SessionKey key, int limit) {
  std::vector<SessionHead> heads;
  auto end = ended_.lower_bound({end_time, key});
  while (end != ended_.begin() && std::ssize(heads) < limit) {
    --end;
    if (end->first <= after) break;
    heads.push_back(HeadOf(sessions_.at(end->second)));
  }
  return heads;
}

std::vector<TermRow> MemoryTables::WithTerm(Term term, const SessionRange& range, int limit) {
  std::vector<TermRow> rows;
  auto end = range.below.empty() ? terms_.lower_bound({term, std::string("\x7f")})
                                 : terms_.lower_bound({term, range.below});
  while (end != terms_.begin() && std::ssize(rows) < limit) {
    --end;
    if (end->first.first != term || end->first.second < range.from) break;
    rows.push_back({.session_id = end->first.second, .session = end->second});
  }
  return rows;
}

void MemoryTables::AddTerm(Term term, const TermRow& session) {
  terms_[{term, session.session_id}] = session.session;
}

void MemoryTables::RemoveTerm(Term term, const std::string& session_id) {
  terms_.erase({term, session_id});
}

}  // namespace callbridge::store
