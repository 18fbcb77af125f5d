#include "server/store/rules/draft.h"

#include <algorithm>
#include <utility>

#include "server/store/lookup.h"

namespace callbridge::store {
namespace {

// Adds rows. A row that exists already stays as it is.
template <typename Map>
void Merge(Map&& more, Map& map) {
  map.merge(more);
}

}  // namespace

void Draft::Lock(std::vector<std::string> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  tables_.Lock(keys);
}

void Draft::Find(const Wanted& wanted) {
  Found more = tables_.Find(wanted);
  Merge(std::move(more.keys), found_.keys);
  Merge(std::move(more.ids), found_.ids);
  Merge(std::move(more.sessions), found_.sessions);
  Merge(std::move(more.inputs_of), found_.inputs_of);
  Merge(std::move(more.queued_of), found_.queued_of);
  Merge(std::move(more.references), found_.references);
  Merge(std::move(more.parked_for), found_.parked_for);
  Merge(std::move(more.requests), found_.requests);
  Merge(std::move(more.dedupe_keys), found_.dedupe_keys);
  Merge(std::move(more.inputs), found_.inputs);
  Merge(std::move(more.commands), found_.commands);
}

AddedRows Draft::Write() { return tables_.Write(changes_); }

std::optional<SessionKey> Draft::FindSession(const std::string& session_id) const {
  return Lookup(found_.keys, session_id);
}

std::string Draft::SessionId(SessionKey session) const {
  return Lookup(found_.ids, session).value_or("");
}

std::optional<SessionRow> Draft::LoadSession(SessionKey session) const {
  return Lookup(found_.sessions, session);
}

std::optional<SessionKey> Draft::FindReference(const std::string& reference) const {
  return Lookup(found_.references, reference);
}

std::optional<RequestRow> Draft::FindRequest(const std::string& request_id) const {
  return Lookup(found_.requests, request_id);
}

std::optional<SessionKey> Draft::WaitsFor(std::int64_t input_id) const {
  return Lookup(found_.inputs, input_id);
}

std::vector<WaitingRow> Draft::WaitingInputs(SessionKey session) const {
  return Lookup(found_.inputs_of, session).value_or(std::vector<WaitingRow>());
}

std::optional<CommandRow> Draft::FindCommand(SessionKey session, std::int32_t number) const {
  return Lookup(found_.commands, {session, number});
}

std::vector<CommandRow> Draft::QueuedCommands(SessionKey session) const {
  return Lookup(found_.queued_of, session).value_or(std::vector<CommandRow>());
}

SessionKey Draft::AddSession(const std::string& session_id, base::Time now, const ToCome& to_come) {
  changes_.added_sessions.push_back(
      {.session_id = session_id, .create_time = now, .to_come = to_come});
  const SessionKey session = -std::ssize(changes_.added_sessions);
  found_.keys[session_id] = session;
  found_.ids[session] = session_id;
  return session;
}

void Draft::UpdateSession(const SessionRow& row) {
  found_.sessions[row.key] = row;
  changes_.sessions[row.key] = row;
}

void Draft::AddReference(const std::string& reference, SessionKey session) {
  found_.references[reference] = session;
  changes_.references.emplace_back(reference, session);
}

void Draft::AddRequest(const RequestRow& row) {
  found_.requests[row.request_id] = row;
  changes_.requests.push_back(row);
}

std::int64_t Draft::AddInput(SessionKey session, const std::string& body, Precedence precedence) {
  changes_.added_inputs.push_back({.session = session, .body = body, .precedence = precedence});
  return -std::ssize(changes_.added_inputs);
}

void Draft::ConsumeInput(const ConsumedRow& row) {
  found_.inputs.erase(row.input_id);
  changes_.consumed.push_back(row);
}

std::vector<ParkedRow> Draft::TakeParked(const std::string& reference) {
  std::vector<ParkedRow> taken;
  for (const ParkedRow& row : found_.parked_for[reference]) {
    if (Has(changes_.taken_parked, row.id)) continue;
    taken.push_back(row);
    changes_.taken_parked.push_back(row.id);
  }
  // The inputs that this transaction has parked come last, because they are the newest.
  std::erase_if(changes_.parked, [&](const ParkedRow& row) {
    if (!Has(row.references, reference)) return false;
    taken.push_back(row);
    return true;
  });
  return taken;
}

bool Draft::ClaimDedupeKey(const std::string& key, base::Time now) {
  if (!found_.dedupe_keys.insert(key).second) return false;
  changes_.dedupe_keys.emplace_back(key, now);
  return true;
}

void Draft::PutCommand(const CommandRow& row) {
  const CommandId id(row.session, row.number);
  found_.commands[id] = row;
  changes_.commands[id] = row;
  changes_.command_changes.erase(id);
}

void Draft::Change(const CommandRow& row) {
  const CommandId id(row.session, row.number);
  if (changes_.commands.contains(id)) return PutCommand(row);
  found_.commands[id] = row;
  changes_.command_changes[id] = {
      .id = id, .status = row.status, .taken_time = row.taken_time, .out_of_queue = !row.queue};
}

void Draft::SetCommandStatus(SessionKey session, std::int32_t number, CommandStatus status,
                             std::optional<base::Time> taken_time) {
  CommandRow row = found_.commands.at({session, number});
  row.status = status;
  row.taken_time = taken_time;
  Change(row);
}

void Draft::TakeOutOfQueue(SessionKey session, std::int32_t number) {
  std::optional<CommandRow> row = FindCommand(session, number);
  if (!row) return;
  row->queue.reset();
  Change(*row);
}

}  // namespace callbridge::store
