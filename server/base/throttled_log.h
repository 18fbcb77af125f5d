// A log for events that strangers and outages can repeat without end. Each event is logged at once
// when it first happens, and then up to once a second, with the count since the previous line. What
// comes after the last line is reported by the next event of its kind, by Flush, or when the log
// ends. One entry is kept for each pair of event and reason, so both must be fixed words of this
// program and never come from a request.
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

  // Converts a time for callers that inject it. All calls of one log must then use it.
  static Clock::time_point At(Time now) { return Clock::time_point(now.time_since_epoch()); }

  explicit ThrottledLog(std::chrono::nanoseconds interval = kLogRepeatInterval)
      : interval_(interval) {}
  // Logs everything that was counted and not yet logged.
  ~ThrottledLog();
  ThrottledLog(const ThrottledLog&) = delete;
  ThrottledLog& operator=(const ThrottledLog&) = delete;

  // Writes {…, "event": event, "reason": reason, "detail": detail, "count": N}, or only counts. An
  // empty reason or detail is left out.
  void Log(LogLevel level, std::string_view event, std::string_view reason,
           std::string_view detail = {}, Clock::time_point now = Clock::now());
  // Logs what was counted, was not yet logged and may be logged again. Call it once in an interval,
  // so that the last events of a flood are logged soon.
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
