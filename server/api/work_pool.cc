#include "server/api/work_pool.h"

#include <utility>

namespace callbridge::api {

WorkPool::WorkPool(int threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

WorkPool::~WorkPool() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  // The threads end first, because they use what is destroyed afterwards.
  threads_.clear();
}

bool WorkPool::TryPost(Job job) {
  absl::MutexLock lock(&mutex_);
  if (waiting_.size() >= waiting_max_) {
    return false;
  }
  waiting_.push_back(std::move(job));
  return true;
}

void WorkPool::Post(Job job) {
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(std::move(job));
}

void WorkPool::Run() {
  for (;;) {
    Job job;
    {
      const auto busy = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || !waiting_.empty();
      };
      absl::MutexLock lock(&mutex_, absl::Condition(&busy));
      if (waiting_.empty()) {
        return;
      }
      job = std::move(waiting_.front());
      waiting_.pop_front();
    }
    job();
  }
}

}  // namespace callbridge::api
