// The only access to the machine's clock, so that tests and simulations control time. A process
// takes the system's time once, at its start, and then adds the time that has really passed.
// Everything durable and every wait uses this time. Therefore a system clock that is set to another
// time, by hand or by NTP, neither stops nor hurries a call.
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

// The two clocks that a ServiceClock combines.
struct TimeSources {
  // The system's clock, which may be set to any time at any moment.
  std::function<Time()> system;
  // The time since some fixed moment, which never goes back and never jumps.
  std::function<Duration()> steady;
};

// The clocks of this machine.
TimeSources MachineTime();

// A clock that never goes back. It follows the system's clock by up to kClockSlewPerSecond, so that
// a deadline of ten seconds is off by up to 50 ms. A difference above kClockDifferenceMax is logged
// when it begins, and again while it lasts.
class ServiceClock final : public Clock {
 public:
  explicit ServiceClock(TimeSources sources = MachineTime());

  Time Now() const override;
  // Lets the clock continue from `earlier` at least, because what is stored with that time has
  // already happened.
  void ContinueAfter(Time earlier);
  // How far the system's clock is ahead of this one; negative if it is behind.
  Duration system_ahead() const;

 private:
  void GoOn() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns true if the difference should be logged now: up to once in kClockWarningInterval.
  bool TakeWarning() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const TimeSources sources_;
  mutable absl::Mutex mutex_;
  mutable Time now_ ABSL_GUARDED_BY(mutex_);
  mutable Duration steady_ ABSL_GUARDED_BY(mutex_);
  mutable Duration system_ahead_ ABSL_GUARDED_BY(mutex_){};
  // Time that has passed but was too short to move the clock by a nanosecond.
  mutable Duration unused_ ABSL_GUARDED_BY(mutex_){};
  // A moment of the steady source.
  mutable Duration next_warning_ ABSL_GUARDED_BY(mutex_);
};

// The clock of this process. Its log, its store and its waits use it.
ServiceClock& ProcessClock();

// A clock that stands still until a test moves it.
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
