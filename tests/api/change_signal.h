// Wakes threads that wait for the store to change. It tells that something changed, never what:
// whoever waits looks again.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>

#include "server/base/bell.h"
#include "server/base/time.h"
#include "server/store/store.h"

namespace callbridge::tests {

// Thread-safe. The store must outlive it.
class ChangeSignal {
 public:
  explicit ChangeSignal(store::Store& store);
  ~ChangeSignal();
  ChangeSignal(const ChangeSignal&) = delete;
  ChangeSignal& operator=(const ChangeSignal&) = delete;

  // How often the store has changed. To be read before looking, so that no change is missed.
  std::uint64_t changes() const;
  // Returns when changes() is not seen any more, or when the time is over. Real time: nothing is
  // decided by it.
  void WaitForMoreThan(std::uint64_t seen, base::Duration longest) const;

 private:
  store::Store& store_;
  mutable absl::Mutex mutex_;
  mutable base::Bell bell_;
  std::uint64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
  int listener_ = 0;
};

}  // namespace callbridge::tests
