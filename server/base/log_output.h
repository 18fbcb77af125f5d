// The destination of log lines. Only log.cc and log_thread.cc include it; others include log.h.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace callbridge::base {

class LogQueue;

// The log of the process. It is never destroyed, because other threads may still log while the
// process exits.
struct LogOutput {
  absl::Mutex mutex;
  std::optional<std::vector<std::string>> captured ABSL_GUARDED_BY(mutex);
  // Absent means that each thread writes its own lines.
  std::shared_ptr<LogQueue> queue ABSL_GUARDED_BY(mutex);
  // Queues whose thread still waits for a reader of the log.
  std::vector<std::shared_ptr<LogQueue>> abandoned ABSL_GUARDED_BY(mutex);
};

LogOutput& TheLogOutput();

// Writes the line and its end; waits while the file is full. Returns false if the file takes no
// more, because its reader left or the disk is full.
bool WriteLogLine(int file, std::string line);

// Hands a line over to the queue's thread. It never waits.
void PostLogLine(LogQueue& queue, const std::string& line);

}  // namespace callbridge::base
