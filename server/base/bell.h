// Wakes threads that wait with an absl::Mutex, or lets them wait for some time at most. absl's own
// timed waits end at a moment of the system's clock, so one that is set back by an hour makes them
// an hour longer; these go by the time that really passes.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <condition_variable>

#include "server/base/time.h"

namespace callbridge::base {

// Thread-safe.
class Bell {
 public:
  // To be called after any change that a waiting thread's condition asks for.
  void Ring() { rung_.notify_all(); }

  // Called with the mutex held, and returns with it held: when the condition is true, or when so
  // much time has passed. True: it is. The condition is asked with the mutex held; what the lock
  // guards is checked by the condition's own annotation.
  template <typename Condition>
  bool WaitFor(absl::Mutex& mutex, Duration longest,
               Condition condition) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    Lockable lockable{mutex};
    return rung_.wait_for(lockable, longest, condition);
  }

 private:
  // As the standard library calls the two.
  struct Lockable {
    void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Lock(); }
    void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Unlock(); }
    absl::Mutex& mutex;
  };

  std::condition_variable_any rung_;
};

}  // namespace callbridge::base
