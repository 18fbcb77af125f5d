// The thread that runs a worker: at once when the store has changed, else when the worker said so.
// It promises that no change is overlooked: one that comes while the worker runs makes it run
// again.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <stop_token>
#include <thread>

#include "server/base/bell.h"
#include "server/base/clock.h"
#include "server/base/throttled_log.h"
#include "server/store/changes.h"
#include "server/worker/worker.h"

namespace callbridge::worker {

// Told of each round, from the loop's thread. Both may be empty.
struct RoundWatch {
  std::function<void()> begin = {};
  std::function<void(const absl::Status&)> end = {};
};

class WorkerLoop {
 public:
  // Starts at once. All three must outlive the loop.
  WorkerLoop(Worker& worker, store::Changes& changes, const base::Clock& clock,
             RoundWatch watch = {});
  // Stops without waiting for commands in flight.
  ~WorkerLoop();
  WorkerLoop(const WorkerLoop&) = delete;
  WorkerLoop& operator=(const WorkerLoop&) = delete;

  // Lets no further command leave, waits until the results of those in flight are durable and
  // stepped, at most so long, ends the thread and tells the store that this end was orderly.
  // DEADLINE_EXCEEDED: commands were still in flight, and the next start looks up what became of
  // them; or a round was still running, and what it has not stepped waits for the next start.
  // Once, from one thread.
  absl::Status Stop(base::Duration deadline);

 private:
  void Run(const std::stop_token& stop);
  // Until the store has changed, or this much has passed.
  void Wait(base::Duration duration);
  void Wake();
  void EndThread();

  Worker& worker_;
  store::Changes& changes_;
  const base::Clock& clock_;
  const RoundWatch watch_;
  // Of rounds that failed, which may be five a second.
  base::ThrottledLog failures_;
  absl::Mutex mutex_;
  base::Bell changed_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  // No round is running, and nothing had changed since the last one began when it ended.
  bool idle_ ABSL_GUARDED_BY(mutex_) = false;
  int listener_ = 0;
  // Last: everything that it uses exists before it.
  std::jthread thread_;
};

}  // namespace callbridge::worker
