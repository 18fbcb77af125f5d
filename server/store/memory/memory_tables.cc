#include "server/store/memory/memory_tables.h"

#include <algorithm>
#include <limits>

#include "server/store/lookup.h"

namespace callbridge::store {
namespace {

template <typename Rows>
bool Full(const Rows& rows, int limit) {
  return static_cast<int>(rows.size()) >= limit;
}

}  // namespace

std::optional<std::string> MemoryTables::Meta(const std::string& name) {
  return Lookup(meta_, name);
}

std::optional<SessionKey> MemoryTables::FindSession(const std::string& session_id) {
  return Lookup(session_ids_, session_id);
}

std::string MemoryTables::SessionId(SessionKey session) {
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? std::string() : found->second.session_id;
}

std::optional<SessionRow> MemoryTables::LoadSession(SessionKey session) {
  return Lookup(sessions_, session);
}

std::vector<SessionKey> MemoryTables::ExpiredKeys(base::Time now, int limit) {
  std::vector<SessionKey> expired;
  for (const auto& [time, session] : expire_times_) {
    if (time > now || Full(expired, limit)) break;
    if (!sessions_.at(session).wake_time && !inbox_of_.contains(session)) {
      expired.push_back(session);
    }
  }
  return expired;
}

std::optional<SessionKey> MemoryTables::FindReference(const std::string& reference) {
  return Lookup(references_, reference);
}

std::vector<std::string> MemoryTables::ReferencesTo(SessionKey session) {
  std::vector<std::string> references;
  for (auto one = references_of_.lower_bound({session, ""});
       one != references_of_.end() && one->first == session; ++one) {
    references.push_back(one->second);
  }
  return references;
}

std::optional<RequestRow> MemoryTables::FindRequest(const std::string& request_id) {
  return Lookup(requests_, request_id);
}

std::vector<SessionKey> MemoryTables::SessionsWithInputs(int limit) {
  std::vector<SessionKey> sessions;
  std::set<SessionKey> seen;
  for (const auto& [id, waiting] : inbox_) {
    if (Full(sessions, limit)) break;
    if (seen.insert(waiting.session).second) sessions.push_back(waiting.session);
  }
  return sessions;
}

std::vector<WaitingRow> MemoryTables::WaitingInputs(SessionKey session, int limit) {
  std::vector<WaitingRow> rows;
  const auto found = inbox_of_.find(session);
  if (found == inbox_of_.end()) return rows;
  for (const auto& [precedence, id] : found->second) {
    if (Full(rows, limit)) break;
    rows.push_back({.input_id = id, .body = inbox_.at(id).body});
  }
  return rows;
}

std::optional<SessionKey> MemoryTables::WaitsFor(std::int64_t input_id) {
  const auto found = inbox_.find(input_id);
  if (found == inbox_.end()) return std::nullopt;
  return found->second.session;
}

std::optional<ConsumedRow> MemoryTables::FindConsumed(std::int64_t input_id) {
  const auto found = consumed_ids_.find(input_id);
  if (found == consumed_ids_.end()) return std::nullopt;
  return consumed_.at(found->second);
}

std::vector<ConsumedRow> MemoryTables::ConsumedInputs(SessionKey session) {
  std::vector<ConsumedRow> rows;
  for (auto row = consumed_.lower_bound({session, 0});
       row != consumed_.end() && row->first.first == session; ++row) {
    rows.push_back(row->second);
  }
  return rows;
}

std::vector<SessionKey> MemoryTables::SessionsToWake(base::Time now, int limit) {
  std::vector<SessionKey> due;
  for (const auto& [time, session] : wake_times_) {
    if (time > now || Full(due, limit)) break;
    if (!inbox_of_.contains(session)) due.push_back(session);
  }
  return due;
}

std::optional<base::Time> MemoryTables::NextWakeTime() {
  if (wake_times_.empty()) return std::nullopt;
  return wake_times_.begin()->first;
}

std::vector<EventRow> MemoryTables::SessionEvents(SessionKey session, std::int32_t after,
                                                  int limit) {
  std::vector<EventRow> rows;
  for (auto row = events_.upper_bound({session, after});
       row != events_.end() && row->first.first == session && !Full(rows, limit); ++row) {
    rows.push_back(row->second);
  }
  return rows;
}

std::vector<EventRow> MemoryTables::ShardEvents(int shard, std::int64_t after, int limit) {
  std::vector<EventRow> rows;
  const auto& positions = shards_.at(static_cast<std::size_t>(shard));
  for (auto row = positions.upper_bound(after); row != positions.end() && !Full(rows, limit);
       ++row) {
    rows.push_back(events_.at(row->second));
  }
  return rows;
}

std::vector<QuarantineRow> MemoryTables::Quarantined(std::int64_t before_id, int limit) {
  std::vector<QuarantineRow> rows;
  auto end = quarantined_.lower_bound(before_id);
  while (end != quarantined_.begin() && !Full(rows, limit)) {
    --end;
    rows.push_back({.id = end->first, .body = end->second});
  }
  return rows;
}

Counts MemoryTables::CountRows() {
  Counts counts;
  counts.live_sessions = std::ssize(sessions_) - std::ssize(expire_times_);
  for (const auto& [rate_class, rows] : pending_) {
    const bool dial =
        rate_class.urgency == Urgency::kDialCallee || rate_class.urgency == Urgency::kDialCaller;
    if (dial) counts.pending_dials += std::ssize(rows);
  }
  counts.waiting_inputs = std::ssize(inbox_);
  counts.parked = std::ssize(parked_);
  counts.parked_dropped = parked_dropped_;
  counts.quarantined = std::ssize(quarantined_);
  return counts;
}

Load MemoryTables::ReadLoad() {
  Load load;
  load.live_sessions = std::ssize(sessions_) - std::ssize(expire_times_);
  for (const SessionKey session : to_dial_) {
    const ToCome& to_come = sessions_.at(session).to_come;
    load.dials_to_come += to_come.dials;
    load.conferences_to_come += to_come.conferences;
    load.first_dial_by_time = base::Earlier(load.first_dial_by_time, to_come.dial_by_time);
  }
  return load;
}

SessionKey MemoryTables::AddSession(const AddedSession& session) {
  SessionRow row;
  row.key = ++last_session_;
  row.session_id = session.session_id;
  row.create_time = session.create_time;
  row.to_come = session.to_come;
  session_ids_[session.session_id] = row.key;
  sessions_[row.key] = row;
  if (session.to_come.dials > 0) to_dial_.insert(row.key);
  return row.key;
}

void MemoryTables::UpdateSession(const SessionRow& row) {
  SessionRow& stored = sessions_.at(row.key);
  if (stored.wake_time) wake_times_.erase({*stored.wake_time, row.key});
  if (stored.expire_time) expire_times_.erase({*stored.expire_time, row.key});
  if (stored.end_time) ended_.erase({*stored.end_time, row.key});
  stored = row;
  if (row.to_come.dials > 0) {
    to_dial_.insert(row.key);
  } else {
    to_dial_.erase(row.key);
  }
  if (row.wake_time) wake_times_.emplace(*row.wake_time, row.key);
  if (row.expire_time) expire_times_.emplace(*row.expire_time, row.key);
  if (row.end_time) ended_.emplace(*row.end_time, row.key);
}

template <typename Map>
void MemoryTables::EraseSession(Map& rows, SessionKey session) {
  using Second = typename Map::key_type::second_type;
  auto row = rows.lower_bound({session, Second()});
  while (row != rows.end() && row->first.first == session) row = rows.erase(row);
}

void MemoryTables::DeleteSession(SessionKey session) {
  const SessionRow row = sessions_.at(session);
  SessionRow unindexed = row;
  unindexed.wake_time.reset();
  unindexed.expire_time.reset();
  unindexed.end_time.reset();
  unindexed.to_come = {};
  UpdateSession(unindexed);
  for (auto one = references_of_.lower_bound({session, ""});
       one != references_of_.end() && one->first == session; one = references_of_.erase(one)) {
    references_.erase(one->second);
  }
  for (auto one = requests_of_.lower_bound({session, ""});
       one != requests_of_.end() && one->first == session; one = requests_of_.erase(one)) {
    requests_.erase(one->second);
  }
  for (auto one = consumed_.lower_bound({session, 0});
       one != consumed_.end() && one->first.first == session; ++one) {
    consumed_ids_.erase(one->second.input_id);
  }
  EraseSession(consumed_, session);
  if (const auto waiting = inbox_of_.find(session); waiting != inbox_of_.end()) {
    for (const auto& [precedence, id] : waiting->second) inbox_.erase(id);
    inbox_of_.erase(waiting);
  }
  for (auto one = commands_.lower_bound({session, 0});
       one != commands_.end() && one->first.first == session; ++one) {
    Unindex(one->second);
  }
  EraseSession(commands_, session);
  for (auto one = events_.lower_bound({session, 0});
       one != events_.end() && one->first.first == session; ++one) {
    const auto shard = static_cast<std::size_t>(one->second.shard);
    marks_[shard].deleted = std::max(marks_[shard].deleted, one->second.position);
    shards_[shard].erase(one->second.position);
  }
  EraseSession(events_, session);
  session_ids_.erase(row.session_id);
  sessions_.erase(session);
}

void MemoryTables::AddReference(const std::string& reference, SessionKey session) {
  references_[reference] = session;
  references_of_.emplace(session, reference);
}

void MemoryTables::AddRequest(const RequestRow& row) {
  requests_[row.request_id] = row;
  requests_of_.emplace(row.session, row.request_id);
}

std::int64_t MemoryTables::AddInput(const AddedInput& input) {
  inbox_[++last_input_] = {
      .session = input.session, .precedence = input.precedence, .body = input.body};
  inbox_of_[input.session].emplace(input.precedence, last_input_);
  return last_input_;
}

void MemoryTables::ConsumeInput(const ConsumedRow& row) {
  consumed_[{row.session, row.step}] = row;
  if (row.input_id == 0) return;
  consumed_ids_[row.input_id] = {row.session, row.step};
  auto& waiting = inbox_of_.at(row.session);
  waiting.erase({inbox_.at(row.input_id).precedence, row.input_id});
  if (waiting.empty()) inbox_of_.erase(row.session);
  inbox_.erase(row.input_id);
}

void MemoryTables::Park(const ParkedRow& row) {
  ParkedRow& stored = parked_[++last_parked_];
  stored = row;
  stored.id = last_parked_;
  for (const std::string& reference : row.references) parked_for_.emplace(reference, stored.id);
}

void MemoryTables::EraseParked(std::map<std::int64_t, ParkedRow>::iterator parked) {
  for (const std::string& reference : parked->second.references) {
    parked_for_.erase({reference, parked->first});
  }
  parked_.erase(parked);
}

std::vector<ParkedRow> MemoryTables::ParkedFor(const std::string& reference) {
  std::vector<ParkedRow> rows;
  for (auto one = parked_for_.lower_bound({reference, 0});
       one != parked_for_.end() && one->first == reference; ++one) {
    rows.push_back(parked_.at(one->second));
  }
  return rows;
}

void MemoryTables::TrimParked(base::Time received_before, std::int64_t keep) {
  while (!parked_.empty() &&
         (std::ssize(parked_) > keep || parked_.begin()->second.receive_time < received_before)) {
    EraseParked(parked_.begin());
    ++parked_dropped_;
  }
}

bool MemoryTables::IsClaimed(const std::string& dedupe_key) {
  return std::any_of(dedupe_keys_.begin(), dedupe_keys_.end(),
                     [&dedupe_key](const auto& hour) { return hour.second.contains(dedupe_key); });
}

void MemoryTables::AddDedupeKey(const std::string& key, base::Time now) {
  dedupe_keys_[DedupeHour(now)].insert(key);
}

void MemoryTables::DropDedupeKeys(base::Time claimed_before) {
  dedupe_keys_.erase(dedupe_keys_.begin(), dedupe_keys_.lower_bound(DedupeHour(claimed_before)));
}

void MemoryTables::AddEvents(const std::vector<EventRow>& rows) {
  for (const EventRow& row : rows) {
    const auto shard = static_cast<std::size_t>(row.shard);
    EventRow& stored = events_[{row.session, row.sequence}];
    stored = row;
    stored.position = ++marks_[shard].last;
    shards_[shard][stored.position] = {row.session, row.sequence};
  }
}

void MemoryTables::TrimQuarantine(std::int64_t keep) {
  while (std::ssize(quarantined_) > keep) quarantined_.erase(quarantined_.begin());
}

}  // namespace callbridge::store
