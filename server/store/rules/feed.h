// The stream of all sessions: 64 shards, each without gaps and in commit order, read from a
// position.
#pragma once

#include <absl/status/statusor.h>

#include <vector>

#include "server/store/history.h"
#include "server/store/tables.h"

namespace callbridge::store {

absl::StatusOr<std::vector<FeedEntry>> ReadFeed(View& tables, const FeedPosition& after, int limit);
FeedPosition FeedEnd(View& tables);
FeedPosition FeedBeginning(View& tables);

}  // namespace callbridge::store
