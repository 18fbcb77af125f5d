#include "server/store/newest_time.h"

#include <algorithm>

namespace callbridge::store {

absl::StatusOr<std::optional<base::Time>> NewestTimeWaitedFrom(Roles<Work, History> store) {
  auto& history = store.get<History>();
  const auto wake = store.get<Work>().NextWakeTime();
  if (!wake.ok()) return wake.status();
  if (!wake->has_value()) return std::nullopt;
  absl::StatusOr<FeedPosition> before_last = history.FeedEnd();
  if (!before_last.ok()) return before_last.status();
  const absl::StatusOr<FeedPosition> beginning = history.FeedBeginning();
  if (!beginning.ok()) return beginning.status();
  for (std::size_t shard = 0; shard < before_last->size(); ++shard) {
    (*before_last)[shard] = std::max((*before_last)[shard] - 1, (*beginning)[shard]);
  }
  const auto last = history.ReadFeed(*before_last, base::kFeedShards);
  if (!last.ok()) return last.status();
  std::optional<base::Time> newest;
  for (const FeedEntry& entry : *last) {
    const base::Time time = base::FromTimestamp(entry.event.record_time());
    newest = std::max(newest.value_or(time), time);
  }
  return newest;
}

}  // namespace callbridge::store
