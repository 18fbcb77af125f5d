// Wakes threads that wait with an absl::Mutex, and lets them wait for a limited time. The timed
// waits of absl end at a moment of the system's clock. If that clock is set back by an hour, they
// last an hour longer. A Bell waits by the time that really passes.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <condition_variable>

#include "server/base/time.h"

namespace callbridge::base {

// Thread-safe.
class Bell {
 public:
  // Must be called after any change to what a waiting thread's condition reads.
  void Ring() { rung_.notify_all(); }

  // Waits until the condition is true or `longest` has passed, and returns whether the condition is
  // true. The caller holds the mutex; it is released during the wait and held again on return. The
  // condition is evaluated with the mutex held, so what the mutex guards is checked by the
  // condition's own annotation.
  template <typename Condition>
  bool WaitFor(absl::Mutex& mutex, Duration longest,
               Condition condition) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    Lockable lockable{mutex};
    return rung_.wait_for(lockable, longest, condition);
  }

 private:
  // Gives the mutex the method names that the standard library expects.
  struct Lockable {
    void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Lock(); }
    void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Unlock(); }
    absl::Mutex& mutex;
  };

  std::condition_variable_any rung_;
};

}  // namespace callbridge::base
