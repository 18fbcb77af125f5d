// The only door to the machine's clock, so that tests and simulations own time.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "server/base/time.h"

namespace callbridge::base {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time Now() const override;
};

// Stands still until it is moved.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : now_(start) {}

  Time Now() const override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }

  void Advance(Duration by) {
    absl::MutexLock lock(&mutex_);
    now_ += by;
  }

  void Set(Time now) {
    absl::MutexLock lock(&mutex_);
    now_ = now;
  }

 private:
  mutable absl::Mutex mutex_;
  Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::base
