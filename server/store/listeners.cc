#include "server/store/listeners.h"

#include <utility>
#include <vector>

namespace callbridge::store {

int Listeners::Add(std::function<void()> listener) {
  auto added = std::make_shared<Listener>();
  {
    absl::MutexLock lock(&added->mutex);
    added->call = std::move(listener);
  }
  absl::MutexLock lock(&mutex_);
  listeners_[++last_token_] = std::move(added);
  return last_token_;
}

void Listeners::Remove(int token) {
  std::shared_ptr<Listener> removed;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = listeners_.find(token);
    if (found == listeners_.end()) return;
    removed = std::move(found->second);
    listeners_.erase(found);
  }
  absl::MutexLock lock(&removed->mutex);
  removed->call = nullptr;
}

void Listeners::Notify() {
  std::vector<std::shared_ptr<Listener>> notified;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [token, listener] : listeners_) notified.push_back(listener);
  }
  for (const std::shared_ptr<Listener>& listener : notified) {
    absl::MutexLock lock(&listener->mutex);
    if (listener->call) listener->call();
  }
}

}  // namespace callbridge::store
