// A twin of the sinks that keeps what it is given and answers what, and when, the test says.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include <atomic>
#include <utility>
#include <vector>

#include "webhook/inbox_sink.h"

namespace callbridge::webhook {

class HeldSink final : public InboxSink {
 public:
  void Append(std::vector<internal::v1::InboxItem> items, Done done) override {
    absl::Status answer;
    {
      absl::MutexLock lock(&mutex_);
      requests_.push_back(std::move(items));
      if (holding_) {
        held_.push_back(std::move(done));
        return;
      }
      answer = answer_;
    }
    done(answer);
  }
  bool ready() const override { return ready_; }

  void Hold() {
    absl::MutexLock lock(&mutex_);
    holding_ = true;
  }
  // Answers those that are held, and from now on at once.
  void Release(const absl::Status& answer = absl::OkStatus()) {
    std::vector<Done> held;
    {
      absl::MutexLock lock(&mutex_);
      holding_ = false;
      answer_ = answer;
      held.swap(held_);
    }
    for (const Done& done : held) done(answer);
  }
  // Waits for so many requests and returns all there are.
  std::vector<std::vector<internal::v1::InboxItem>> Await(std::size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return requests_.size() >= count;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(10));
    return requests_;
  }
  void SetReady(bool ready) { ready_ = ready; }

 private:
  absl::Mutex mutex_;
  std::vector<std::vector<internal::v1::InboxItem>> requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<Done> held_ ABSL_GUARDED_BY(mutex_);
  absl::Status answer_ ABSL_GUARDED_BY(mutex_);
  bool holding_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<bool> ready_ = true;
};

}  // namespace callbridge::webhook
