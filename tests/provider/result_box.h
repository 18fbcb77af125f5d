// Takes the results of a provider's Send and lets a test wait for them.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/check.h"
#include "server/provider/provider.h"

namespace callbridge::provider {

class ResultBox {
 public:
  Provider::Done Taker() {
    return [this](internal::v1::CommandResult result) {
      absl::MutexLock lock(&mutex_);
      results_.push_back(std::move(result));
    };
  }

  // The first result; waits at most 10 s.
  internal::v1::CommandResult Wait() {
    absl::MutexLock lock(&mutex_);
    const auto arrived = [this]()
                             ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !results_.empty(); };
    base::Check(mutex_.AwaitWithTimeout(absl::Condition(&arrived), absl::Seconds(10)),
                "no result came within 10 s");
    return results_.front();
  }

  std::size_t count() const {
    absl::MutexLock lock(&mutex_);
    return results_.size();
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<internal::v1::CommandResult> results_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::provider
