#include "server/store/rules/correlation.h"

#include <optional>
#include <utility>
#include <vector>

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

// In the order that store.h promises. References does not name the sessions' own ids, so the hint
// is looked up apart.
std::optional<SessionKey> Correlate(View& tables, const NewInput& input) {
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

// A request for an offered call: its dial counts from now on, not only once the request is stepped.
void CountTakenOffer(Transaction& tables, SessionKey session, const ToCome& to_come) {
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

Appended KnownRequest(View& tables, const RequestRow& row, const NewInput& input) {
  if (row.digest != input.request_digest) {
    return {.result = Appended::Result::kRequestReused,
            .session_id = tables.SessionId(row.session)};
  }
  return {.result = Appended::Result::kRequestKnown,
          .session_id = tables.SessionId(row.session),
          .input_id = row.input_id};
}

}  // namespace

Appended AppendInput(Transaction& tables, const NewInput& input, base::Time now) {
  if (!input.request_id.empty()) {
    const std::optional<RequestRow> row = tables.FindRequest(input.request_id);
    if (row) return KnownRequest(tables, *row, input);
  }
  std::vector<std::string> references = References(input);
  tables.LockReferences(references);
  std::optional<SessionKey> session = Correlate(tables, input);
  // Creating may be the second choice after a session_id, but only of that very session.
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
    // After the input that begins the session: nothing can be stepped before it.
    GiveReference(tables, *session, SessionReference(input.creates_session_id));
    if (!input.call_id.empty()) GiveReference(tables, *session, CallReference(input.call_id));
  }
  return appended;
}

void GiveReference(Transaction& tables, SessionKey session, const std::string& reference) {
  tables.LockReferences({reference});
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
