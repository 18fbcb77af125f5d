// Many callers, one fsync. Each caller brings its work and waits; the first to find nobody at it
// becomes the leader, runs all that waits as one batch and wakes the others. It has no thread, so
// that a simulation with one thread can use it (docs/decisions/0003). It knows nothing of SQLite.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <deque>
#include <functional>
#include <vector>

#include "server/store/tables.h"

namespace callbridge::store {

// Thread-safe.
class GroupCommit {
 public:
  // One caller's work and what came of it.
  struct Entry {
    const std::function<absl::Status(Transaction&)>* work = nullptr;
    absl::Status status;
    bool done = false;
  };
  using Batch = std::vector<Entry*>;

  // run_batch sets every entry's status and returns when the batch is durable or has failed. Never
  // called twice at once.
  explicit GroupCommit(std::function<void(const Batch&)> run_batch);

  // Blocks until the work is durable or has failed. Not from within work.
  absl::Status Run(const std::function<absl::Status(Transaction&)>& work);

  // Callers whose work no batch has taken yet.
  std::size_t waiting() const;

 private:
  Batch TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::function<void(const Batch&)> run_batch_;
  mutable absl::Mutex mutex_;
  // Bounded by the number of threads: each waits for its one entry.
  std::deque<Entry*> waiting_ ABSL_GUARDED_BY(mutex_);
  bool leading_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace callbridge::store
