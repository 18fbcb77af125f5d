// Who wants to know that something was stored. Calls listeners without holding a lock that a store needs; after Remove has
// returned, a listener is not running and never runs again.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <map>
#include <memory>

namespace callbridge::store {

// Thread-safe.
class Listeners {
 public:
  int Add(std::function<void()> listener);
  // Not from within a listener.
  void Remove(int token);
  void Notify();

 private:
  struct Listener {
    absl::Mutex mutex;
    // Empty: removed.
    std::function<void()> call ABSL_GUARDED_BY(mutex);
  };

  absl::Mutex mutex_;
  int last_token_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<int, std::shared_ptr<Listener>> listeners_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::store
