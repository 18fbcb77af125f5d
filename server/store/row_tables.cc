#include "server/store/row_tables.h"

namespace callbridge::store {
namespace {

// Returns the number of a row. A negative number stands for a row that the WriteSet adds.
template <typename Number>
Number Resolve(Number number, const std::vector<Number>& added) {
  return number < 0 ? added.at(static_cast<std::size_t>(-number - 1)) : number;
}

}  // namespace

template <typename Base>
std::optional<SessionKey> RowReading<Base>::Name(std::optional<SessionKey> session, Found& found) {
  if (session && !found.ids.contains(*session)) {
    const std::string id = SessionId(*session);
    found.ids.emplace(*session, id);
    found.keys.emplace(id, *session);
  }
  return session;
}

template <typename Base>
std::optional<SessionKey> RowReading<Base>::Key(const std::string& session_id, Found& found) {
  const auto known = found.keys.find(session_id);
  if (known != found.keys.end()) return known->second;
  const std::optional<SessionKey> session = FindSession(session_id);
  if (!session) return std::nullopt;
  found.keys.emplace(session_id, *session);
  found.ids.emplace(*session, session_id);
  return session;
}

template <typename Base>
void RowReading<Base>::LoadRow(SessionKey session, Found& found) {
  std::optional<SessionRow> row = LoadSession(session);
  if (!row) return;
  found.keys.emplace(row->session_id, session);
  found.ids.emplace(session, row->session_id);
  found.sessions.emplace(session, *std::move(row));
}

template <typename Base>
Found RowReading<Base>::Find(const Wanted& wanted) {
  Found found;
  for (const std::string& id : wanted.session_ids) Key(id, found);
  for (const std::string& id : wanted.sessions) {
    if (const auto session = Key(id, found)) LoadRow(*session, found);
  }
  for (const SessionKey session : wanted.rows) LoadRow(session, found);
  for (const SessionKey session : wanted.due) {
    LoadRow(session, found);
    found.inputs_of[session] = WaitingInputs(session, base::kInputsPerLoadMax);
  }
  for (const std::string& id : wanted.inputs_of) {
    const auto session = Key(id, found);
    if (session) found.inputs_of[*session] = WaitingInputs(*session, base::kInputsPerLoadMax);
  }
  for (const std::string& id : wanted.queued_of) {
    if (const auto session = Key(id, found)) found.queued_of[*session] = QueuedCommands(*session);
  }
  for (const std::string& reference : wanted.references) {
    const auto session = Name(FindReference(reference), found);
    if (session) found.references.emplace(reference, *session);
  }
  for (const std::string& reference : wanted.parked_for) {
    found.parked_for[reference] = ParkedFor(reference);
  }
  for (const std::string& request_id : wanted.request_ids) {
    const std::optional<RequestRow> row = FindRequest(request_id);
    if (!row) continue;
    Name(row->session, found);
    found.requests.emplace(request_id, *row);
  }
  for (const std::string& key : wanted.dedupe_keys) {
    if (IsClaimed(key)) found.dedupe_keys.insert(key);
  }
  for (const std::int64_t input_id : wanted.inputs) {
    if (const auto session = WaitsFor(input_id)) found.inputs.emplace(input_id, *session);
  }
  for (const auto& [id, number] : wanted.commands) {
    const auto session = Key(id, found);
    const auto row = session ? FindCommand(*session, number) : std::nullopt;
    if (row) found.commands.emplace(CommandId(*session, number), *row);
  }
  for (const std::int64_t id : wanted.quarantined) {
    const std::vector<QuarantineRow> rows = this->Quarantined(id + 1, 1);
    if (!rows.empty() && rows.front().id == id) found.quarantined.insert(id);
  }
  return found;
}

template <typename Base>
std::vector<std::vector<TermRow>> RowReading<Base>::TermSessions(const std::vector<Term>& terms,
                                                                 const SessionRange& range,
                                                                 int limit) {
  std::vector<std::vector<TermRow>> sessions;
  sessions.reserve(terms.size());
  for (const Term term : terms) sessions.push_back(WithTerm(term, range, limit));
  return sessions;
}

template <typename Base>
std::vector<ExpiredRow> RowReading<Base>::ExpiredSessions(base::Time now, int limit) {
  std::vector<ExpiredRow> rows;
  for (const SessionKey session : ExpiredKeys(now, limit)) {
    const std::optional<SessionRow> row = LoadSession(session);
    if (row) rows.push_back({*row, ReferencesTo(session)});
  }
  return rows;
}

template <typename Base>
std::vector<SessionKey> RowReading<Base>::DueSessions(base::Time now, int limit, bool with_timers) {
  std::vector<SessionKey> keys = SessionsWithInputs(limit);
  if (!with_timers) return keys;
  // Timers get at least a quarter of the limit. Otherwise sessions that always have inputs would
  // keep the timers of others from firing.
  const int room = std::max(limit - static_cast<int>(keys.size()), limit / 4);
  const std::vector<SessionKey> to_wake = SessionsToWake(now, room);
  keys.insert(keys.end(), to_wake.begin(), to_wake.end());
  return keys;
}

template <typename Base>
std::vector<CommandRow> RowReading<Base>::PendingCommands(base::Time now, int class_limit) {
  std::vector<CommandRow> rows;
  for (const RateClass& rate_class : PendingClasses()) {
    std::vector<CommandRow> found = PendingInClass(rate_class, now, class_limit);
    std::move(found.begin(), found.end(), std::back_inserter(rows));
  }
  return rows;
}

template <typename Base>
std::vector<EventRow> RowReading<Base>::FeedEvents(const std::vector<ShardRange>& ranges) {
  std::vector<EventRow> rows;
  for (const ShardRange& range : ranges) {
    std::vector<EventRow> found = ShardEvents(range.shard, range.after, range.limit);
    std::move(found.begin(), found.end(), std::back_inserter(rows));
  }
  return rows;
}

template class RowReading<View>;
template class RowReading<Transaction>;

AddedRows RowTransaction::Write(const WriteSet& changes) {
  AddedRows added;
  for (const auto& [name, value] : changes.metas) SetMeta(name, value);
  WriteSessions(changes, added);
  WriteInbox(changes, added);
  WriteLedger(changes);
  for (const auto& [term, session, is_added] : changes.terms) {
    is_added ? AddTerm(term, session) : RemoveTerm(term, session.session_id);
  }
  for (const SessionKey session : changes.deleted_sessions) DeleteSession(session);
  WriteQuarantine(changes);
  if (!changes.events.empty()) AddEvents(changes.events);
  return added;
}

void RowTransaction::WriteSessions(const WriteSet& changes, AddedRows& added) {
  for (const AddedSession& session : changes.added_sessions) {
    added.sessions.push_back(AddSession(session));
  }
  for (const auto& [key, row] : changes.sessions) UpdateSession(row);
  for (const auto& [reference, session] : changes.references) {
    AddReference(reference, Resolve(session, added.sessions));
  }
}

void RowTransaction::WriteInbox(const WriteSet& changes, AddedRows& added) {
  for (const std::int64_t id : changes.taken_parked) DropParked(id);
  for (AddedInput input : changes.added_inputs) {
    input.session = Resolve(input.session, added.sessions);
    added.inputs.push_back(AddInput(input));
  }
  for (RequestRow row : changes.requests) {
    row.session = Resolve(row.session, added.sessions);
    row.input_id = Resolve(row.input_id, added.inputs);
    AddRequest(row);
  }
  for (const ConsumedRow& row : changes.consumed) ConsumeInput(row);
  for (const ParkedRow& row : changes.parked) Park(row);
  if (changes.drop_parked_before) TrimParked(*changes.drop_parked_before, changes.keep_parked);
  for (const auto& [key, time] : changes.dedupe_keys) AddDedupeKey(key, time);
  if (changes.drop_dedupe_keys_before) DropDedupeKeys(*changes.drop_dedupe_keys_before);
}

void RowTransaction::WriteLedger(const WriteSet& changes) {
  for (const auto& [id, row] : changes.commands) PutCommand(row);
  for (const auto& [id, change] : changes.command_changes) ChangeCommand(change);
}

void RowTransaction::WriteQuarantine(const WriteSet& changes) {
  for (const std::string& body : changes.quarantined) AddQuarantined(body);
  for (const std::int64_t id : changes.dropped_quarantined) DropQuarantined(id);
  if (changes.keep_quarantined) TrimQuarantine(*changes.keep_quarantined);
}

}  // namespace callbridge::store
