// Where a clock goes on after a restart: what a store says of the time at which the last run ended.
#pragma once

#include <absl/status/statusor.h>

#include <optional>

#include "server/base/time.h"
#include "server/store/history.h"
#include "server/store/roles.h"
#include "server/store/work.h"

namespace callbridge::store {

// When the newest event was recorded, while any session has a timer. Those timers were set by a
// clock that had come so far: one that starts at an earlier time, because the system's was set back
// meanwhile, would keep everybody waiting by the difference. Absent: no session waits for a time,
// or nothing was recorded. Reads one event of each shard.
absl::StatusOr<std::optional<base::Time>> NewestTimeWaitedFrom(Roles<Work, History> store);

}  // namespace callbridge::store
