// The thread that writes the log of a service, so that a log reader that stalls or leaves does not
// stop a call.
#pragma once

#include <memory>

#include "server/base/time.h"

namespace callbridge::base {

class LogQueue;

// As long as a LogThread exists, Log() only queues. A full queue (kLogLinesMax) drops its oldest
// lines; they are counted (log_lines_dropped), and the next line that can be written tells the
// number. A process has up to one LogThread at a time, made before all other threads and ended
// after them.
class LogThread {
 public:
  // Writes to standard error.
  LogThread();
  explicit LogThread(int file);
  // Writes the queued lines if the file takes them within kLogFlush. Afterwards Log() writes by
  // itself again.
  ~LogThread();
  LogThread(const LogThread&) = delete;
  LogThread& operator=(const LogThread&) = delete;

 private:
  const std::shared_ptr<LogQueue> queue_;
};

// Waits until every line logged so far is written or dropped. Returns false if that takes longer
// than the limit. Thread-safe.
bool FlushLog(Duration limit);

// Writes the text to standard error unchanged, after the log, for a person. It gives up after
// kLogFlush if the log's reader stalls, so that no program hangs at its end. Thread-safe.
void PrintLastWords(const std::string& text);

}  // namespace callbridge::base
