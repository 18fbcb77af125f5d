// A few threads for work that blocks on the store, so that gRPC's callback threads never wait. It
// takes a bounded number of jobs and refuses further ones at once.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

namespace callbridge::api {

// Thread-safe.
class WorkPool {
 public:
  using Job = std::function<void()>;

  // waiting_max: the number of jobs that may wait for a thread.
  WorkPool(int threads, std::size_t waiting_max);
  // Runs the waiting jobs, then returns. No job may be posted during or after it.
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  // Returns false if too many jobs wait already.
  [[nodiscard]] bool TryPost(Job job);
  // Adds a job that was admitted before and must be completed.
  void Post(Job job);

 private:
  void Run();

  const std::size_t waiting_max_;
  absl::Mutex mutex_;
  std::deque<Job> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_;
};

}  // namespace callbridge::api
