#include "server/base/log_thread.h"

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <poll.h>
#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "server/base/bell.h"
#include "server/base/check.h"
#include "server/base/clock.h"
#include "server/base/counters.h"
#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/base/log_output.h"

namespace callbridge::base {

// Holds spdlog's queue and thread, and counts the lines.
class LogQueue {
 public:
  explicit LogQueue(int file);

  // Queues the line. It never waits.
  void Post(const std::string& line);
  bool Flush(Duration limit);

 private:
  class Sink;

  // Writes one line. The thread of the pool calls this for each line that was not dropped.
  void Write(std::string line);
  // The number of lines that the queue dropped for newer ones.
  std::int64_t Overruns() const { return static_cast<std::int64_t>(pool_->overrun_counter()); }

  const int file_;
  Counter dropped_counter_;
  absl::Mutex mutex_;
  // The bell rings when a line was handled or dropped.
  Bell handled_bell_;
  std::int64_t posted_ ABSL_GUARDED_BY(mutex_) = 0;
  // The number of lines taken from the queue, also of lines that the file refused.
  std::int64_t handled_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t overruns_counted_ ABSL_GUARDED_BY(mutex_) = 0;
  // Only the pool's thread uses these two.
  std::int64_t unwritten_ = 0;
  std::int64_t told_ = 0;
  // The pool stands behind everything that its thread uses, so that the thread has ended before
  // that is destroyed.
  const std::shared_ptr<spdlog::details::thread_pool> pool_;
  const std::shared_ptr<spdlog::async_logger> logger_;
};

class LogQueue::Sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit Sink(LogQueue& queue) : queue_(queue) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    queue_.Write(std::string(message.payload.data(), message.payload.size()));
  }
  void flush_() override {}

  LogQueue& queue_;
};

LogQueue::LogQueue(int file)
    : file_(file),
      dropped_counter_("log_lines_dropped",
                       "Log lines that were dropped because their reader stalled or left."),
      pool_(std::make_shared<spdlog::details::thread_pool>(kLogLinesMax, 1)),
      logger_(
          std::make_shared<spdlog::async_logger>("callbridge", std::make_shared<Sink>(*this), pool_,
                                                 spdlog::async_overflow_policy::overrun_oldest)) {
  logger_->set_level(spdlog::level::trace);
}

void LogQueue::Post(const std::string& line) {
  absl::MutexLock lock(&mutex_);
  ++posted_;
  logger_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  const std::int64_t overruns = Overruns();
  dropped_counter_.Add(overruns - std::exchange(overruns_counted_, overruns));
  handled_bell_.Ring();
}

void LogQueue::Write(std::string line) {
  const std::int64_t dropped = Overruns() + unwritten_;
  if (dropped > told_) {
    const bool told = WriteLogLine(
        file_, FormatLogLine(ProcessClock().Now(), LogLevel::kWarning, "log_lines_dropped",
                             {{"count", dropped - told_},
                              {"help", "read the log faster, or set log.level to warning"}}));
    if (told) told_ = dropped;
  }
  if (!WriteLogLine(file_, std::move(line))) {
    ++unwritten_;
    dropped_counter_.Add();
  }
  absl::MutexLock lock(&mutex_);
  ++handled_;
  handled_bell_.Ring();
}

bool LogQueue::Flush(Duration limit) {
  const auto done = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return handled_ + Overruns() >= posted_;
  };
  absl::MutexLock lock(&mutex_);
  return handled_bell_.WaitFor(mutex_, limit, done);
}

void PostLogLine(LogQueue& queue, const std::string& line) { queue.Post(line); }

LogThread::LogThread() : LogThread(STDERR_FILENO) {}

LogThread::LogThread(int file) : queue_(std::make_shared<LogQueue>(file)) {
  LogOutput& output = TheLogOutput();
  bool first = false;
  {
    absl::MutexLock lock(&output.mutex);
    first = output.queue == nullptr;
    if (first) output.queue = queue_;
  }
  Check(first, "two threads for one log");
}

LogThread::~LogThread() {
  const bool written = FlushLog(kLogFlush);
  LogOutput& output = TheLogOutput();
  absl::MutexLock lock(&output.mutex);
  output.queue.reset();
  // The log's thread waits for a reader who may never come back. It is left behind with all that it
  // uses, because otherwise the process could not end.
  if (!written) output.abandoned.push_back(queue_);
}

bool FlushLog(Duration limit) {
  std::shared_ptr<LogQueue> queue;
  {
    LogOutput& output = TheLogOutput();
    absl::MutexLock lock(&output.mutex);
    queue = output.queue;
  }
  return queue == nullptr || queue->Flush(limit);
}

void PrintLastWords(const std::string& text) {
  FlushLog(kLogFlush);
  pollfd error{STDERR_FILENO, POLLOUT, 0};
  const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(kLogFlush);
  if (poll(&error, 1, static_cast<int>(limit.count())) <= 0) return;
  WriteLogLine(STDERR_FILENO, text);
}

}  // namespace callbridge::base
