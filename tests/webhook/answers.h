// Collects what sinks answer, and waits for it.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include <string>
#include <utility>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "webhook/inbox_sink.h"

namespace callbridge::webhook {

// In the order in which they came. Must outlive the sink.
class Answers {
 public:
  InboxSink::Done Next(std::string name) {
    return [this, name = std::move(name)](const absl::Status& status) {
      absl::MutexLock lock(&mutex_);
      names_.push_back(name);
      codes_.push_back(status.code());
    };
  }
  std::vector<absl::StatusCode> Await(std::size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return codes_.size() >= count;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(10));
    return codes_;
  }
  std::vector<std::string> names() {
    absl::MutexLock lock(&mutex_);
    return names_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::string> names_ ABSL_GUARDED_BY(mutex_);
  std::vector<absl::StatusCode> codes_ ABSL_GUARDED_BY(mutex_);
};

inline std::vector<internal::v1::InboxItem> Named(const std::vector<std::string>& names) {
  std::vector<internal::v1::InboxItem> items;
  for (const std::string& name : names) items.emplace_back().mutable_event()->set_type_name(name);
  return items;
}

}  // namespace callbridge::webhook
