#include "server/store/rules/expiry.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/base/limits.h"
#include "server/store/messages.h"
#include "server/store/rules/terms.h"

namespace callbridge::store {

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
    ChangeTerms(draft, {row->session_id, row->key}, Parse<internal::v1::Session>(row->body),
                internal::v1::Session());
    draft.DeleteSession(row->key);
  }
  return std::ssize(expired) == base::kExpireBatchMax;
}

}  // namespace callbridge::store
