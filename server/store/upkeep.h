// The upkeep: the role of the store that says whose it is, how full it is, and drops what has
// become too old.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>

#include "server/base/time.h"

namespace callbridge::store {

// What admission asks before one more session begins. Cheap: it reads the sessions that are alive,
// in indexes.
struct Load {
  std::int64_t live_sessions = 0;
  // What all accepted sessions will still ask of the provider; with those that were never stepped.
  std::int64_t dials_to_come = 0;
  std::int64_t conferences_to_come = 0;
  // By when the first of the callers that are still to be dialled must be dialled. Absent: there
  // are none.
  std::optional<base::Time> first_dial_by_time;
  // Space within the store's file that new sessions use before the file grows.
  std::int64_t reusable_bytes = 0;
};

struct Counts {
  std::int64_t live_sessions = 0;
  std::int64_t pending_dials = 0;
  std::int64_t waiting_inputs = 0;
  std::int64_t parked = 0;
  // Since the store was made: parked inputs that no session ever asked for.
  std::int64_t parked_dropped = 0;
  std::int64_t quarantined = 0;
};

// Thread-safe; errors as in store.h.
class Upkeep {
 public:
  virtual ~Upkeep() = default;

  // Gives the store to this service; the first one keeps it for ever. FAILED_PRECONDITION: the
  // store belongs to another service.
  virtual absl::Status ClaimServiceId(const std::string& service_id) = 0;

  // Tells the store that its only server begins. Returns true if the server before did not reach
  // EndRun, which means that it crashed.
  virtual absl::StatusOr<bool> BeginRun() = 0;

  // Tells the store that its only server ends in order.
  virtual absl::Status EndRun() = 0;

  // Drops parked inputs and dedupe keys that are too old, and a few expired sessions with all that
  // belongs to them. Returns true if more have expired: call it again soon. A session with waiting
  // inputs or a wake time stays.
  virtual absl::StatusOr<bool> Maintain(base::Time now) = 0;

  // Counts what the store holds, for operators.
  virtual absl::StatusOr<Counts> Count() = 0;

  // Adds up what admission has to know.
  virtual absl::StatusOr<Load> ReadLoad() = 0;
};

}  // namespace callbridge::store
