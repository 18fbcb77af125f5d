// The thread that runs a worker: at once when the store has changed, otherwise at the time that the
// worker named. No change is overlooked: a change that comes while the worker runs makes it run
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

// Functions that the loop's thread calls for each round. Both may be empty.
struct RoundWatch {
  std::function<void()> begin = {};
  std::function<void(const absl::Status&)> end = {};
};

class WorkerLoop {
 public:
  // Starts the thread at once. The three references must outlive the loop.
  WorkerLoop(Worker& worker, store::Changes& changes, const base::Clock& clock,
             RoundWatch watch = {});
  // Stops without waiting for commands in flight.
  ~WorkerLoop();
  WorkerLoop(const WorkerLoop&) = delete;
  WorkerLoop& operator=(const WorkerLoop&) = delete;

  // Lets no further command leave and waits up to `deadline` until the results of commands in
  // flight are durable and stepped. Then it ends the thread and tells the store that this end was
  // orderly. DEADLINE_EXCEEDED means that commands were still in flight, or that a round was still
  // running. The next start looks up the fate of the commands and steps the rest. It may be called
  // once, from one thread.
  absl::Status Stop(base::Duration deadline);

 private:
  void Run(const std::stop_token& stop);
  // Waits until the store has changed, or this much time has passed.
  void Wait(base::Duration duration);
  void Wake();
  void EndThread();

  Worker& worker_;
  store::Changes& changes_;
  const base::Clock& clock_;
  const RoundWatch watch_;
  // Logs failed rounds, of which there may be five a second.
  base::ThrottledLog failures_;
  absl::Mutex mutex_;
  base::Bell changed_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  // True if no round is running and nothing has changed since the last one began.
  bool idle_ ABSL_GUARDED_BY(mutex_) = false;
  int listener_ = 0;
  // It is the last member, because everything that it uses must exist before it.
  std::jthread thread_;
};

}  // namespace callbridge::worker
