// A log for what strangers and outages can repeat without end: each thing is told at once when it
// first happens, and then at most once a second, with a count of how often it happened since the
// line before. What came after the last line is told by the next of its kind, by Flush, or at the
// end of the log. It keeps one entry for each pair of event and reason, so both must be words of
// ours, never of a request.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/base/time.h"

namespace callbridge::base {

// Thread-safe.
class ThrottledLog {
 public:
  using Clock = std::chrono::steady_clock;

  // For those who are told the time, which all calls of one log must then go by.
  static Clock::time_point At(Time now) { return Clock::time_point(now.time_since_epoch()); }

  explicit ThrottledLog(std::chrono::nanoseconds interval = kLogRepeatInterval)
      : interval_(interval) {}
  // Tells all that is counted and not told.
  ~ThrottledLog();
  ThrottledLog(const ThrottledLog&) = delete;
  ThrottledLog& operator=(const ThrottledLog&) = delete;

  // Writes {…, "event": event, "reason": reason, "detail": detail, "count": N}, or only counts. An
  // empty reason or detail is left out.
  void Log(LogLevel level, std::string_view event, std::string_view reason,
           std::string_view detail = {}, Clock::time_point now = Clock::now());
  // Tells what is counted, was not told and may be told again: call it once in an interval, so that
  // the last of a flood are told soon.
  void Flush(Clock::time_point now = Clock::now());

 private:
  struct Entry {
    LogLevel level = LogLevel::kInfo;
    std::int64_t untold = 0;
    Clock::time_point next;
  };

  const std::chrono::nanoseconds interval_;
  absl::Mutex mutex_;
  std::map<std::pair<std::string, std::string>, Entry, std::less<>> entries_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::base
