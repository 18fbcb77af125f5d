// The history: the role of the store that gives what has happened, to readers who come back with a
// position.
#pragma once

#include <absl/status/statusor.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "callbridge/v1/event.pb.h"
#include "server/base/limits.h"
#include "server/store/work.h"

namespace callbridge::store {

// A position in the stream of all sessions: how many events of each shard are behind it.
using FeedPosition = std::array<std::int64_t, base::kFeedShards>;

struct FeedEntry {
  int shard = 0;
  // 1, 2, 3 … within the shard, gapless, in commit order.
  std::int64_t position = 0;
  callbridge::v1::SessionEvent event;
};

// Which shard of the feed a session belongs to, for ever.
int FeedShard(const std::string& session_id);

// Thread-safe; errors as in store.h.
class History {
 public:
  virtual ~History() = default;

  // The id of the store, part of every resume token. It is random and made with the store. A copy
  // of a store, and one that was restored from a backup, have ids of their own.
  virtual const std::string& store_id() const = 0;

  // Returns up to limit events of one session with a sequence above after, in order. NOT_FOUND:
  // there is no such session.
  virtual absl::StatusOr<std::vector<callbridge::v1::SessionEvent>> ReadEvents(
      const std::string& session_id, std::int32_t after, int limit) = 0;

  // Returns the inputs that the session was stepped with, in the order of the steps: the fold over
  // them gives the session. NOT_FOUND: there is no such session.
  virtual absl::StatusOr<std::vector<ConsumedInput>> ReadInputs(const std::string& session_id) = 0;

  // Returns up to limit events of all sessions after the position; within a shard in order. Fewer
  // than limit: that was all. OUT_OF_RANGE: something after the position was deleted, or the
  // position is of another store.
  virtual absl::StatusOr<std::vector<FeedEntry>> ReadFeed(const FeedPosition& after, int limit) = 0;

  // Returns the newest position.
  virtual absl::StatusOr<FeedPosition> FeedEnd() = 0;

  // Returns the lowest position after which no event was deleted.
  virtual absl::StatusOr<FeedPosition> FeedBeginning() = 0;
};

}  // namespace callbridge::store
