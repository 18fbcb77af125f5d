// The history: the role of the store that reads past events, for readers who come back with a
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

// A position in the stream of all sessions. It holds, for each shard, the number of events before
// it.
using FeedPosition = std::array<std::int64_t, base::kFeedShards>;

struct FeedEntry {
  int shard = 0;
  // The event's number within the shard, in commit order: 1, 2, 3 … without gaps.
  std::int64_t position = 0;
  callbridge::v1::SessionEvent event;
};

// Returns the shard of the feed to which a session belongs. It never changes.
int FeedShard(const std::string& session_id);

// Thread-safe. Errors are described in store.h.
class History {
 public:
  virtual ~History() = default;

  // Returns the id of the store, which is part of every resume token. It is random and made with
  // the store. A copy of a store, or a store restored from a backup, has an id of its own.
  virtual const std::string& store_id() const = 0;

  // Returns up to limit events of one session with a sequence above after, in order. NOT_FOUND:
  // there is no such session.
  virtual absl::StatusOr<std::vector<callbridge::v1::SessionEvent>> ReadEvents(
      const std::string& session_id, std::int32_t after, int limit) = 0;

  // Returns the inputs with which the session was stepped, in the order of the steps. Stepping them
  // again gives the same session. NOT_FOUND: there is no such session.
  virtual absl::StatusOr<std::vector<ConsumedInput>> ReadInputs(const std::string& session_id) = 0;

  // Returns up to `limit` events of all sessions after the position, in order within each shard.
  // Fewer than `limit` events mean that there are no more. OUT_OF_RANGE means that an event after
  // the position was deleted, or that the position belongs to another store.
  virtual absl::StatusOr<std::vector<FeedEntry>> ReadFeed(const FeedPosition& after, int limit) = 0;

  // Returns the position after the newest event.
  virtual absl::StatusOr<FeedPosition> FeedEnd() = 0;

  // Returns the lowest position after which no event was deleted.
  virtual absl::StatusOr<FeedPosition> FeedBeginning() = 0;
};

}  // namespace callbridge::store
