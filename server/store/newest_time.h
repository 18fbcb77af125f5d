// Finds the time from which a clock continues after a restart: the time at which the last run
// ended.
#pragma once

#include <absl/status/statusor.h>

#include <optional>

#include "server/base/time.h"
#include "server/store/history.h"
#include "server/store/roles.h"
#include "server/store/work.h"

namespace callbridge::store {

// Returns when the newest event was recorded, if any session has a timer. A clock that had reached
// this time has set those timers. If the system's clock was set back since, a new run would start
// earlier and keep the sessions waiting by the difference. Absent means that no session has a
// timer, or that no event was recorded. It reads one event of each shard.
absl::StatusOr<std::optional<base::Time>> NewestTimeWaitedFrom(Roles<Work, History> store);

}  // namespace callbridge::store
