// Counts calls from their beginning until gRPC has let go of their answers, which is when the
// client has taken the answer or has gone. So a drain knows when the last call is done, and a
// service knows how many answers it holds. It reports when there are too many calls, and leaves
// refusing them to its user.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "server/base/bell.h"
#include "server/base/time.h"

namespace callbridge::api {

// Thread-safe.
class CallCount {
 public:
  explicit CallCount(int calls_max) : calls_max_(calls_max) {}

  // Counts one call for as long as it exists.
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
  // True if more than calls_max calls are counted. A new call counts itself before it asks, so that
  // two calls that arrive at once do not both take the last place.
  bool IsExceeded() const { return count() > calls_max_; }
  // Waits until no call is under way. Returns false if `longest` passes first.
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

  const int calls_max_;
  mutable absl::Mutex mutex_;
  base::Bell changed_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace callbridge::api
