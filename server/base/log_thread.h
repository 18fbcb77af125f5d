// The thread that writes the log of a service, so that a reader of the log that stalls or leaves
// stops no call.
#pragma once

#include <memory>

#include "server/base/time.h"

namespace callbridge::base {

class LogQueue;

// While it lives, Log() only queues. A full queue (kLogLinesMax) drops its oldest lines; they are
// counted (log_lines_dropped), and the next line that can be written tells how many. At most one at
// a time, made before any other thread and ended after all of them.
class LogThread {
 public:
  // Standard error unless told otherwise.
  LogThread();
  explicit LogThread(int file);
  // Writes what is queued, if the file takes it within kLogFlush; then Log() writes by itself
  // again.
  ~LogThread();
  LogThread(const LogThread&) = delete;
  LogThread& operator=(const LogThread&) = delete;

 private:
  const std::shared_ptr<LogQueue> queue_;
};

// True as soon as every line that was logged so far is written or dropped; false if that takes
// longer than the limit. Thread-safe.
bool FlushLog(Duration limit);

// Writes the text on standard error as it is, after the log, for a person. It gives up after
// kLogFlush where the log's reader stalls, so that no program hangs in its last words. Thread-safe.
void PrintLastWords(const std::string& text);

}  // namespace callbridge::base
