// The only door to the machine's clock, so that tests and simulations own time. A process has one
// time: the system's at its start, and from then on as much later as time has really passed. What
// is durable and what waits goes by it, so that a system's clock that is set to another time, by
// hand or by NTP, neither stops nor hurries a call.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>

#include "server/base/time.h"

namespace callbridge::base {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
};

// What a ServiceClock is made of.
struct TimeSources {
  // The system's clock: it may be set to any time at any moment.
  std::function<Time()> system;
  // The time since some fixed moment: it never goes back and never jumps.
  std::function<Duration()> steady;
};

// The machine's own.
TimeSources MachineTime();

// Never goes back. A difference from the system's clock is made up for by at most
// kClockSlewPerSecond, so that a deadline of ten seconds is never off by more than 50 ms. One above
// kClockDifferenceMax is warned of when it comes, and again while it lasts.
class ServiceClock final : public Clock {
 public:
  explicit ServiceClock(TimeSources sources = MachineTime());

  Time Now() const override;
  // From now on it is not earlier than this: what is durable already happened before.
  void ContinueAfter(Time earlier);
  // How far the system's clock is ahead of this one; below zero: behind it.
  Duration system_ahead() const;

 private:
  void GoOn() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // True at most once in kClockWarningInterval: the difference is to be warned of now.
  bool TakeWarning() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const TimeSources sources_;
  mutable absl::Mutex mutex_;
  mutable Time now_ ABSL_GUARDED_BY(mutex_);
  mutable Duration steady_ ABSL_GUARDED_BY(mutex_);
  mutable Duration system_ahead_ ABSL_GUARDED_BY(mutex_){};
  // Time that has passed and was too short to allow for a nanosecond.
  mutable Duration unused_ ABSL_GUARDED_BY(mutex_){};
  // By the steady source.
  mutable Duration next_warning_ ABSL_GUARDED_BY(mutex_);
};

// The one time of this process: its log, its store and its waits go by it.
ServiceClock& ProcessClock();

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
