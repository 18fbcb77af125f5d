// Listeners that want to know that something was stored. They are called without a lock that a
// store needs. After Remove has returned, a listener is not running and never runs again.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace callbridge::store {

// Thread-safe. Listeners are called with the arguments Told.
template <typename... Told>
class Listeners {
 public:
  using Listener = std::function<void(const Told&...)>;

  int Add(Listener listener) {
    auto added = std::make_shared<Entry>();
    {
      absl::MutexLock lock(&added->mutex);
      added->call = std::move(listener);
    }
    absl::MutexLock lock(&mutex_);
    entries_[++last_token_] = std::move(added);
    return last_token_;
  }

  // Must not be called by a listener.
  void Remove(int token) {
    std::shared_ptr<Entry> removed;
    {
      absl::MutexLock lock(&mutex_);
      const auto found = entries_.find(token);
      if (found == entries_.end()) return;
      removed = std::move(found->second);
      entries_.erase(found);
    }
    absl::MutexLock lock(&removed->mutex);
    removed->call = nullptr;
  }

  void Notify(const Told&... told) {
    std::vector<std::shared_ptr<Entry>> notified;
    {
      absl::MutexLock lock(&mutex_);
      for (const auto& [token, entry] : entries_) notified.push_back(entry);
    }
    for (const std::shared_ptr<Entry>& entry : notified) {
      absl::MutexLock lock(&entry->mutex);
      if (entry->call) entry->call(told...);
    }
  }

 private:
  struct Entry {
    absl::Mutex mutex;
    // Empty once the listener was removed.
    Listener call ABSL_GUARDED_BY(mutex);
  };

  absl::Mutex mutex_;
  int last_token_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<int, std::shared_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::store
