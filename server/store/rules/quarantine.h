// Authentic webhooks that cannot be read, kept for operators.
#pragma once

#include <cstdint>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "server/base/time.h"
#include "server/store/tables.h"

namespace callbridge::store {

// These functions implement the methods of Inbox with the same names.
int Quarantine(Transaction& tables, const std::vector<internal::v1::InboxItem>& items,
               base::Time now);
std::vector<internal::v1::Quarantined> ListQuarantine(View& tables, std::int64_t before_id,
                                                      int limit);
int DropQuarantined(Transaction& tables, const std::vector<std::int64_t>& ids);

}  // namespace callbridge::store
