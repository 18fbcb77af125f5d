// Lets many callers share one fsync. Each caller brings its work and waits. If no batch is running,
// the caller becomes the leader, runs all waiting work as one batch and wakes the others. It has no
// thread, so that a simulation with one thread can use it (docs/decisions/0003). It does not depend
// on SQLite.
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
  // One caller's work, and its result.
  struct Entry {
    const std::function<absl::Status(Transaction&)>* work = nullptr;
    absl::Status status;
    bool done = false;
  };
  using Batch = std::vector<Entry*>;

  // run_batch sets every entry's status and returns when the batch is durable or has failed. It
  // never runs twice at once.
  explicit GroupCommit(std::function<void(const Batch&)> run_batch);

  // Blocks until the work is durable or has failed. Work must not call it.
  absl::Status Run(const std::function<absl::Status(Transaction&)>& work);

  // The number of callers whose work no batch has taken yet.
  std::size_t waiting() const;

 private:
  Batch TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::function<void(const Batch&)> run_batch_;
  mutable absl::Mutex mutex_;
  // Its length is bounded by the number of threads, because each thread waits for its one entry.
  std::deque<Entry*> waiting_ ABSL_GUARDED_BY(mutex_);
  bool leading_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace callbridge::store
