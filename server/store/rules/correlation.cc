#include "server/store/rules/correlation.h"

#include <optional>
#include <utility>
#include <vector>

#include "server/base/limits.h"
#include "server/store/messages.h"
#include "server/store/rules/references.h"

namespace callbridge::store {
namespace {

std::vector<std::string> References(const NewInput& input) {
  std::vector<std::string> references;
  if (!input.call_id.empty()) references.push_back(CallReference(input.call_id));
  if (!input.session_hint.empty()) references.push_back(SessionReference(input.session_hint));
  if (!input.conference_id.empty()) references.push_back(ConferenceReference(input.conference_id));
  return references;
}

// Finds the input's session in the order that inbox.h promises. The table of references does not
// hold the sessions' own ids, so the hint is looked up separately.
std::optional<SessionKey> Correlate(const Draft& tables, const NewInput& input) {
  if (!input.session_id.empty()) return tables.FindSession(input.session_id);
  std::optional<SessionKey> session;
  if (!input.call_id.empty()) session = tables.FindReference(CallReference(input.call_id));
  if (!session && !input.session_hint.empty()) session = tables.FindSession(input.session_hint);
  if (!session && !input.conference_id.empty()) {
    session = tables.FindReference(ConferenceReference(input.conference_id));
  }
  if (!session && !input.creates_session_id.empty()) {
    session = tables.FindSession(input.creates_session_id);
  }
  return session;
}

// Counts the dial of a request for an offered call from now on, and not only when the request is
// stepped.
void CountTakenOffer(Draft& tables, SessionKey session, const ToCome& to_come) {
  std::optional<SessionRow> row = tables.LoadSession(session);
  if (!row || row->state != callbridge::v1::Session::STATE_OFFERED || row->to_come.dials > 0)
    return;
  row->to_come = to_come;
  tables.UpdateSession(*row);
}

std::string Body(const NewInput& input, base::Time now) {
  internal::v1::Input stored = input.input;
  if (!stored.has_receive_time()) *stored.mutable_receive_time() = base::ToTimestamp(now);
  return Serialize(stored);
}

Appended KnownRequest(const Draft& tables, const RequestRow& row, const NewInput& input) {
  if (row.digest != input.request_digest) {
    return {.result = Appended::Result::kRequestReused,
            .session_id = tables.SessionId(row.session)};
  }
  return {.result = Appended::Result::kRequestKnown,
          .session_id = tables.SessionId(row.session),
          .input_id = row.input_id};
}

// Locks and loads what AppendInput reads, for all of these inputs.
void LoadForInputs(const std::vector<NewInput>& inputs, Draft& tables) {
  std::vector<std::string> locks;
  Wanted wanted;
  for (const NewInput& input : inputs) {
    for (const std::string& id : {input.session_id, input.session_hint, input.creates_session_id}) {
      if (id.empty()) continue;
      locks.push_back(SessionLock(id));
      wanted.session_ids.push_back(id);
    }
    for (const std::string& reference : References(input)) {
      locks.push_back(reference);
      if (!IsSessionReference(reference)) wanted.references.push_back(reference);
    }
    if (!input.request_id.empty()) {
      locks.push_back(RequestLock(input.request_id));
      wanted.request_ids.push_back(input.request_id);
    }
    if (!input.dedupe_key.empty()) {
      locks.push_back(DedupeLock(input.dedupe_key));
      wanted.dedupe_keys.push_back(input.dedupe_key);
    }
    // The request may take an offered call, which changes that session's row.
    if (input.input.has_start_bridge()) wanted.sessions.push_back(input.session_id);
    if (input.creates_session_id.empty()) continue;
    wanted.parked_for.push_back(SessionReference(input.creates_session_id));
    if (!input.call_id.empty()) wanted.parked_for.push_back(CallReference(input.call_id));
  }
  tables.Lock(std::move(locks));
  tables.Find(wanted);
}

// Stores one input or parks it. A negative input_id belongs to an input that is not written yet.
Appended AppendInput(Draft& tables, const NewInput& input, base::Time now) {
  if (!input.request_id.empty()) {
    const std::optional<RequestRow> row = tables.FindRequest(input.request_id);
    if (row) return KnownRequest(tables, *row, input);
  }
  std::vector<std::string> references = References(input);
  std::optional<SessionKey> session = Correlate(tables, input);
  // An input with a session_id may create only that very session.
  const bool may_create =
      !input.creates_session_id.empty() &&
      (input.session_id.empty() || input.session_id == input.creates_session_id);
  if (!session && !input.session_id.empty() && !may_create) {
    return {.result = Appended::Result::kNoSession, .session_id = input.session_id};
  }
  if (!input.dedupe_key.empty() && !tables.ClaimDedupeKey(input.dedupe_key, now)) {
    return {.result = Appended::Result::kDuplicate,
            .session_id = session ? tables.SessionId(*session) : std::string()};
  }
  if (!session && !may_create) {
    tables.Park(
        {.receive_time = now, .references = std::move(references), .body = Body(input, now)});
    return {.result = Appended::Result::kParked, .session_id = {}};
  }
  const bool created = !session;
  const ToCome to_come = ToComeOf(input.input);
  if (created) {
    session = tables.AddSession(input.creates_session_id, now, to_come);
  } else if (input.input.has_start_bridge()) {
    CountTakenOffer(tables, *session, to_come);
  }
  Appended appended;
  appended.session_id = tables.SessionId(*session);
  appended.input_id = tables.AddInput(*session, Body(input, now), Precedence::kOrdinary);
  if (!input.request_id.empty()) {
    tables.AddRequest({.request_id = input.request_id,
                       .digest = input.request_digest,
                       .session = *session,
                       .input_id = appended.input_id});
  }
  if (created) {
    // The references are given after the first input is added, because no parked input can be
    // stepped before it.
    GiveReference(tables, *session, SessionReference(input.creates_session_id));
    if (!input.call_id.empty()) GiveReference(tables, *session, CallReference(input.call_id));
  }
  return appended;
}

// Gives the inputs that were just written their ids.
void NameInputs(const AddedRows& added, std::vector<Appended>& appended) {
  for (Appended& one : appended) {
    if (one.input_id >= 0) continue;
    one.input_id = added.inputs.at(static_cast<std::size_t>(-one.input_id - 1));
  }
}

}  // namespace

std::vector<Appended> AppendInputs(Transaction& tables, const std::vector<NewInput>& inputs,
                                   base::Time now) {
  std::vector<Appended> appended;
  Draft draft(tables);
  LoadForInputs(inputs, draft);
  for (const NewInput& input : inputs) appended.push_back(AppendInput(draft, input, now));
  if (!draft.changes().parked.empty()) DropOldParked(draft, now);
  NameInputs(draft.Write(), appended);
  return appended;
}

void DropOldParked(Draft& tables, base::Time now) {
  tables.changes().drop_parked_before = now - base::kParkedAge;
  tables.changes().keep_parked = base::kParkedMax;
}

void GiveReference(Draft& tables, SessionKey session, const std::string& reference) {
  if (!IsSessionReference(reference)) {
    const std::optional<SessionKey> owner = tables.FindReference(reference);
    if (owner && *owner != session) return;
    if (!owner) tables.AddReference(reference, session);
  }
  for (const ParkedRow& parked : tables.TakeParked(reference)) {
    tables.AddInput(session, parked.body, Precedence::kOrdinary);
  }
}

}  // namespace callbridge::store
