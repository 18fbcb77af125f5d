#include "server/worker/worker_loop.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "server/base/log.h"

namespace callbridge::worker {
namespace {

// The pause after a failure of the store. It is long enough not to overload the store, and short
// enough for the deadlines of a call.
constexpr std::chrono::milliseconds kFailurePause{200};

}  // namespace

WorkerLoop::WorkerLoop(Worker& worker, store::Changes& changes, const base::Clock& clock,
                       RoundWatch watch)
    : worker_(worker), changes_(changes), clock_(clock), watch_(std::move(watch)) {
  listener_ = changes_.AddListener([this] { Wake(); });
  worker_.SetWake([this] { Wake(); });
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

WorkerLoop::~WorkerLoop() { EndThread(); }

void WorkerLoop::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
  changed_.Ring();
}

void WorkerLoop::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      absl::MutexLock lock(&mutex_);
      woken_ = false;
      idle_ = false;
    }
    if (watch_.begin) watch_.begin();
    const absl::StatusOr<base::Time> next = worker_.RunOnce();
    if (watch_.end) watch_.end(next.status());
    if (!next.ok()) {
      failures_.Log(base::LogLevel::kError, "worker_round_failed",
                    absl::StatusCodeToString(next.status().code()),
                    std::string(next.status().message()));
      Wait(kFailurePause);
      continue;
    }
    failures_.Flush();
    const base::Duration pause = *next - clock_.Now();
    {
      absl::MutexLock lock(&mutex_);
      idle_ = !woken_;
      changed_.Ring();
    }
    // The loop does not wait if that time has come, or if something has changed since the round
    // began.
    Wait(pause);
  }
}

void WorkerLoop::Wait(base::Duration duration) {
  absl::MutexLock lock(&mutex_);
  changed_.WaitFor(mutex_, duration,
                   [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return woken_; });
}

void WorkerLoop::EndThread() {
  if (!thread_.joinable()) return;
  changes_.RemoveListener(listener_);
  thread_.request_stop();
  Wake();
  thread_.join();
  worker_.SetWake(nullptr);
}

absl::Status WorkerLoop::Stop(base::Duration deadline) {
  worker_.StopTaking();
  const auto drained = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return idle_ && !woken_ && worker_.in_flight() == 0;
  };
  bool done = false;
  {
    absl::MutexLock lock(&mutex_);
    done = changed_.WaitFor(mutex_, deadline, drained);
  }
  EndThread();
  const absl::Status ended = worker_.End();
  if (!ended.ok()) return ended;
  if (done) return absl::OkStatus();
  if (const int in_flight = worker_.in_flight(); in_flight > 0) {
    return absl::DeadlineExceededError(absl::StrFormat(
        "%d commands were still in flight at the end of the drain; the next start looks them up",
        in_flight));
  }
  return absl::DeadlineExceededError(
      "no command is in flight, but a round was still running at the end of the drain; the next "
      "start steps the rest");
}

}  // namespace callbridge::worker
