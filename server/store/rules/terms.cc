#include "server/store/rules/terms.h"

#include <algorithm>
#include <optional>
#include <set>

#include "server/base/limits.h"
#include "server/base/phone_number.h"
#include "server/base/stable_hash.h"
#include "server/store/messages.h"

namespace callbridge::store {
namespace {

using internal::v1::Session;

constexpr char kTermsFromMeta[] = "terms_from";

Term TermOf(const std::string& text) { return static_cast<Term>(base::StableHash(text)); }

std::set<std::string> NumbersOf(const Session& session) {
  std::set<std::string> numbers;
  for (const internal::v1::Leg& leg : session.legs()) {
    numbers.emplace(base::WithoutPlus(leg.endpoint().phone().number()));
    numbers.emplace(base::WithoutPlus(leg.service_number()));
  }
  // A callee has no leg before the session dials the callee.
  for (const callbridge::v1::Callee& callee : session.callees()) {
    numbers.emplace(base::WithoutPlus(callee.endpoint().phone().number()));
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

Term NumberTerm(const std::string& number) {
  return TermOf("number/" + std::string(base::WithoutPlus(number)));
}

bool HasNumber(const Session& session, const std::string& number) {
  return NumbersOf(session).contains(std::string(base::WithoutPlus(number)));
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

}  // namespace callbridge::store
