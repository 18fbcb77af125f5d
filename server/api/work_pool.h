// A few threads of our own for what blocks on the store, so that gRPC's callback threads never
// wait. It takes a bounded number of jobs; what is beyond is refused at once, in our words.
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

  // waiting_max: jobs that no thread has taken yet.
  WorkPool(int threads, std::size_t waiting_max);
  // Runs what waits, then returns. Nothing may be posted any more.
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  // False: too many wait already.
  [[nodiscard]] bool TryPost(Job job);
  // For what was admitted before and must come to its end.
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
