#include "server/store/rules/feed.h"

#include <absl/strings/str_format.h>

#include <algorithm>

#include "server/base/stable_hash.h"
#include "server/store/messages.h"

namespace callbridge::store {
namespace {

struct Backlog {
  int shard = 0;
  std::int64_t after = 0;
  std::int64_t left = 0;
};

absl::StatusOr<std::vector<Backlog>> Backlogs(const FeedMarks& marks, const FeedPosition& after) {
  std::vector<Backlog> backlogs;
  for (std::size_t shard = 0; shard < after.size(); ++shard) {
    if (after[shard] > marks[shard].last) {
      return absl::OutOfRangeError(absl::StrFormat(
          "position %d of shard %d is beyond the newest event: it belongs to another store",
          after[shard], shard));
    }
    if (after[shard] < marks[shard].deleted) {
      return absl::OutOfRangeError(absl::StrFormat(
          "events of shard %d after position %d were deleted; begin anew", shard, after[shard]));
    }
    if (after[shard] < marks[shard].last) {
      backlogs.push_back({static_cast<int>(shard), after[shard], marks[shard].last - after[shard]});
    }
  }
  // The longest backlog comes first, so that a limit below the number of shards starves none.
  std::stable_sort(backlogs.begin(), backlogs.end(),
                   [](const Backlog& a, const Backlog& b) { return a.left > b.left; });
  return backlogs;
}

// Takes up to `quota` events of each shard, and up to `room` in total.
std::vector<ShardRange> Share(const std::vector<Backlog>& backlogs, std::int64_t quota,
                              std::int64_t room) {
  std::vector<ShardRange> ranges;
  for (const Backlog& backlog : backlogs) {
    const std::int64_t count = std::min({quota, room, backlog.left});
    if (count <= 0) continue;
    ranges.push_back(
        {.shard = backlog.shard, .after = backlog.after, .limit = static_cast<int>(count)});
    room -= count;
  }
  return ranges;
}

void ReadRanges(View& tables, const std::vector<ShardRange>& ranges, std::vector<Backlog>& backlogs,
                std::vector<FeedEntry>& entries) {
  if (ranges.empty()) return;
  for (const EventRow& row : tables.FeedEvents(ranges)) {
    entries.push_back({.shard = row.shard,
                       .position = row.position,
                       .event = Parse<callbridge::v1::SessionEvent>(row.body)});
    const auto backlog = std::find_if(backlogs.begin(), backlogs.end(), [&row](const Backlog& one) {
      return one.shard == row.shard;
    });
    backlog->after = row.position;
    backlog->left -= 1;
  }
}

}  // namespace

int FeedShard(const std::string& session_id) {
  return static_cast<int>((base::StableHash(session_id) >> 33) % base::kFeedShards);
}

absl::StatusOr<std::vector<FeedEntry>> ReadFeed(View& tables, const FeedPosition& after,
                                                int limit) {
  absl::StatusOr<std::vector<Backlog>> backlogs = Backlogs(tables.ReadFeedMarks(), after);
  if (!backlogs.ok()) return backlogs.status();
  std::vector<FeedEntry> entries;
  if (backlogs->empty()) return entries;
  // Each shard gets an equal share first. The rest of the room goes to the shards with more events.
  const std::int64_t share =
      std::max<std::int64_t>(1, limit / static_cast<std::int64_t>(backlogs->size()));
  for (const std::int64_t quota : {share, static_cast<std::int64_t>(limit)}) {
    const std::int64_t room = limit - std::ssize(entries);
    ReadRanges(tables, Share(*backlogs, quota, room), *backlogs, entries);
  }
  return entries;
}

FeedPosition FeedEnd(View& tables) {
  const FeedMarks marks = tables.ReadFeedMarks();
  FeedPosition position;
  std::transform(marks.begin(), marks.end(), position.begin(),
                 [](const ShardMark& mark) { return mark.last; });
  return position;
}

FeedPosition FeedBeginning(View& tables) {
  const FeedMarks marks = tables.ReadFeedMarks();
  FeedPosition position;
  std::transform(marks.begin(), marks.end(), position.begin(),
                 [](const ShardMark& mark) { return mark.deleted; });
  return position;
}

}  // namespace callbridge::store
