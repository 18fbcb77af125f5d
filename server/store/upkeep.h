// The upkeep: the role of the store that names its owner, counts its content, and drops what has
// become too old.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>

#include "server/base/time.h"

namespace callbridge::store {

// What admission asks before one more session begins. It is cheap, because it only reads the living
// sessions from indexes.
struct Load {
  std::int64_t live_sessions = 0;
  // The dials that all accepted sessions will still request from the provider, including sessions
  // that were never stepped.
  std::int64_t dials_to_come = 0;
  std::int64_t conferences_to_come = 0;
  // The earliest of the times by which callers must be dialled. Absent means that no caller waits
  // to be dialled.
  std::optional<base::Time> first_dial_by_time;
  // Free space within the store's file, in bytes, which new sessions use before the file grows.
  std::int64_t reusable_bytes = 0;
};

struct Counts {
  std::int64_t live_sessions = 0;
  std::int64_t pending_dials = 0;
  std::int64_t waiting_inputs = 0;
  std::int64_t parked = 0;
  // Parked inputs that no session ever asked for, since the store was made.
  std::int64_t parked_dropped = 0;
  std::int64_t quarantined = 0;
};

// Thread-safe. Errors are described in store.h.
class Upkeep {
 public:
  virtual ~Upkeep() = default;

  // Makes this service the owner of the store; the first owner keeps it for ever.
  // FAILED_PRECONDITION means that the store belongs to another service.
  virtual absl::Status ClaimServiceId(const std::string& service_id) = 0;

  // Tells the store that its only server begins. Returns true if the server before did not call
  // EndRun, which means that it crashed.
  virtual absl::StatusOr<bool> BeginRun() = 0;

  // Tells the store that its only server ends in order.
  virtual absl::Status EndRun() = 0;

  // Drops parked inputs and dedupe keys that are too old, and a few expired sessions with all that
  // belongs to them. Returns true if more sessions have expired; the caller then calls it again
  // soon. A session with waiting inputs or a wake time stays.
  virtual absl::StatusOr<bool> Maintain(base::Time now) = 0;

  // Counts what the store holds, for operators.
  virtual absl::StatusOr<Counts> Count() = 0;

  // Adds up what admission has to know.
  virtual absl::StatusOr<Load> ReadLoad() = 0;
};

}  // namespace callbridge::store
