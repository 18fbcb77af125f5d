// Counts the calls that are being answered, so that a drain knows when the last one is done. It
// refuses nobody and ends nothing.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "server/base/bell.h"
#include "server/base/time.h"

namespace callbridge::api {

// Thread-safe.
class CallCount {
 public:
  // One call, from its beginning to the end of its method.
  class Call {
   public:
    explicit Call(CallCount& count) : count_(count) { count_.Add(1); }
    ~Call() { count_.Add(-1); }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    CallCount& count_;
  };

  int count() const {
    absl::MutexLock lock(&mutex_);
    return calls_;
  }
  // Waits until no call is under way. False: the time was over first.
  bool WaitUntilZero(base::Duration longest) {
    absl::MutexLock lock(&mutex_);
    const auto none = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return calls_ == 0; };
    return changed_.WaitFor(mutex_, longest, none);
  }

 private:
  void Add(int calls) {
    absl::MutexLock lock(&mutex_);
    calls_ += calls;
    changed_.Ring();
  }

  mutable absl::Mutex mutex_;
  base::Bell changed_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace callbridge::api
