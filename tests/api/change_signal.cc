#include "tests/api/change_signal.h"

namespace callbridge::tests {

ChangeSignal::ChangeSignal(store::Store& store) : store_(store) {
  listener_ = store_.AddListener([this] {
    absl::MutexLock lock(&mutex_);
    ++changes_;
    bell_.Ring();
  });
}

ChangeSignal::~ChangeSignal() { store_.RemoveListener(listener_); }

std::uint64_t ChangeSignal::changes() const {
  absl::MutexLock lock(&mutex_);
  return changes_;
}

void ChangeSignal::WaitForMoreThan(std::uint64_t seen, base::Duration longest) const {
  absl::MutexLock lock(&mutex_);
  const auto changed = [this, seen]()
                           ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return changes_ != seen; };
  bell_.WaitFor(mutex_, longest, changed);
}

}  // namespace callbridge::tests
