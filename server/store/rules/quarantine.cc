#include "server/store/rules/quarantine.h"

#include <limits>
#include <set>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "server/store/messages.h"

namespace callbridge::store {

int Quarantine(Transaction& tables, const std::vector<internal::v1::InboxItem>& items,
               base::Time now) {
  // Locks are taken in their order, each once.
  std::set<std::string> locks;
  Wanted wanted;
  for (const internal::v1::InboxItem& item : items) {
    if (item.dedupe_key().empty()) continue;
    locks.insert(DedupeLock(item.dedupe_key()));
    wanted.dedupe_keys.push_back(item.dedupe_key());
  }
  std::set<std::string> known;
  if (!locks.empty()) {
    tables.Lock({locks.begin(), locks.end()});
    known = tables.Find(wanted).dedupe_keys;
  }
  WriteSet changes;
  for (const internal::v1::InboxItem& item : items) {
    if (!item.has_quarantined()) continue;
    if (!item.dedupe_key().empty()) {
      if (!known.insert(item.dedupe_key()).second) continue;
      changes.dedupe_keys.emplace_back(item.dedupe_key(), now);
    }
    changes.quarantined.push_back(Serialize(item.quarantined()));
  }
  changes.keep_quarantined = base::kQuarantineMax;
  tables.Write(changes);
  return static_cast<int>(changes.quarantined.size());
}

std::vector<internal::v1::Quarantined> ListQuarantine(View& tables, std::int64_t before_id,
                                                      int limit) {
  const std::int64_t below = before_id == 0 ? std::numeric_limits<std::int64_t>::max() : before_id;
  std::vector<internal::v1::Quarantined> items;
  for (const QuarantineRow& row : tables.Quarantined(below, limit)) {
    items.push_back(Parse<internal::v1::Quarantined>(row.body));
    items.back().set_id(row.id);
  }
  return items;
}

int DropQuarantined(Transaction& tables, const std::vector<std::int64_t>& ids) {
  const std::set<std::int64_t> there = tables.Find({.quarantined = ids}).quarantined;
  WriteSet changes;
  changes.dropped_quarantined.assign(there.begin(), there.end());
  tables.Write(changes);
  return static_cast<int>(there.size());
}

}  // namespace callbridge::store
