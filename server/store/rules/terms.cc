#include "server/store/rules/terms.h"

#include <algorithm>
#include <optional>
#include <set>

#include "server/base/stable_hash.h"
#include "server/store/messages.h"

namespace callbridge::store {
namespace {

using internal::v1::Session;

constexpr char kTermsFromMeta[] = "terms_from";

Term TermOf(const std::string& text) { return static_cast<Term>(base::StableHash(text)); }

std::string WithoutPlus(const std::string& number) {
  return number.starts_with('+') ? number.substr(1) : number;
}

std::set<std::string> NumbersOf(const Session& session) {
  std::set<std::string> numbers;
  for (const internal::v1::Leg& leg : session.legs()) {
    numbers.insert(WithoutPlus(leg.endpoint().phone().number()));
    numbers.insert(WithoutPlus(leg.service_number()));
  }
  // A callee has no leg before the session dials the callee.
  for (const callbridge::v1::Callee& callee : session.callees()) {
    numbers.insert(WithoutPlus(callee.endpoint().phone().number()));
  }
  numbers.erase("");
  return numbers;
}

std::set<Term> TermsOf(const Session& session) {
  std::set<Term> terms;
  // A list does not show a session without a phase.
  if (session.phase_case() == Session::PHASE_NOT_SET) return terms;
  for (const internal::v1::KeyValue& label : session.labels()) {
    terms.insert(LabelTerm(label.key(), label.value()));
  }
  for (const std::string& number : NumbersOf(session)) terms.insert(NumberTerm(number));
  if (session.outcome().result() != 0) terms.insert(ResultTerm(session.outcome().result()));
  if (!session.issues().empty()) terms.insert(IssueTerm());
  if (IsRecorded(session)) terms.insert(RecordedTerm());
  return terms;
}

}  // namespace

Term LabelTerm(const std::string& key, const std::string& value) {
  // A key has no "=" in it.
  return TermOf("label/" + key + "=" + value);
}

Term ResultTerm(int result) { return TermOf("result/" + std::to_string(result)); }

Term IssueTerm() { return TermOf("issue"); }

Term RecordedTerm() { return TermOf("recorded"); }

bool IsRecorded(const Session& session) {
  const auto& recorders = session.recordings().recorders();
  return std::any_of(recorders.begin(), recorders.end(),
                     [](const internal::v1::Recorder& recorder) { return recorder.shown(); });
}

Term NumberTerm(const std::string& number) { return TermOf("number/" + WithoutPlus(number)); }

bool HasNumber(const Session& session, const std::string& number) {
  return NumbersOf(session).contains(WithoutPlus(number));
}

void ChangeTerms(Draft& tables, const TermRow& session, const Session& before,
                 const Session& after) {
  const std::set<Term> old_terms = TermsOf(before);
  const std::set<Term> new_terms = TermsOf(after);
  for (const Term term : new_terms) {
    if (!old_terms.contains(term)) tables.AddTerm(term, session);
  }
  for (const Term term : old_terms) {
    if (!new_terms.contains(term)) tables.RemoveTerm(term, session);
  }
}

std::string TermsFrom(View& tables) { return tables.Meta(kTermsFromMeta).value_or(""); }

bool AddMissingTerms(Transaction& tables) {
  const std::string from = TermsFrom(tables);
  if (from.empty()) return false;
  const std::vector<SessionHead> heads =
      tables.SessionHeads({.below = from}, base::kExpireBatchMax);
  std::vector<std::string> locks = {MetaLock(kTermsFromMeta)};
  Wanted wanted;
  for (const SessionHead& head : heads) {
    locks.push_back(SessionLock(head.session_id));
    wanted.rows.push_back(head.key);
  }
  Draft draft(tables);
  draft.Lock(std::move(locks));
  draft.Find(wanted);
  for (const SessionHead& head : heads) {
    const std::optional<SessionRow> row = draft.LoadSession(head.key);
    if (row) ChangeTerms(draft, {head.session_id, head.key}, Session(), Parse<Session>(row->body));
  }
  const bool more = heads.size() == base::kExpireBatchMax;
  draft.changes().metas.emplace_back(kTermsFromMeta, more ? heads.back().session_id : "");
  draft.Write();
  return more;
}

bool DropExpired(Transaction& tables, base::Time now, Draft& draft) {
  const std::vector<ExpiredRow> expired = tables.ExpiredSessions(now, base::kExpireBatchMax);
  std::vector<std::string> locks;
  Wanted wanted;
  for (const ExpiredRow& row : expired) {
    locks.push_back(SessionLock(row.session.session_id));
    locks.insert(locks.end(), row.references.begin(), row.references.end());
    wanted.rows.push_back(row.session.key);
    wanted.inputs_of.push_back(row.session.session_id);
  }
  draft.Lock(std::move(locks));
  draft.Find(wanted);
  for (const ExpiredRow& listed : expired) {
    const std::optional<SessionRow> row = draft.LoadSession(listed.session.key);
    // The session may have been stepped, or an input may have arrived for it, before this
    // transaction locked it.
    if (!row || row->revision != listed.session.revision) continue;
    if (!draft.WaitingInputs(row->key).empty()) continue;
    ChangeTerms(draft, {row->session_id, row->key}, Parse<Session>(row->body), Session());
    draft.DeleteSession(row->key);
  }
  return std::ssize(expired) == base::kExpireBatchMax;
}

}  // namespace callbridge::store
