#include "server/base/throttled_log.h"

namespace callbridge::base {
namespace {

void Write(LogLevel level, std::string_view event, std::string_view reason, std::string_view detail,
           std::int64_t count) {
  if (reason.empty() && detail.empty()) {
    Log(level, event, {{"count", count}});
  } else if (detail.empty()) {
    Log(level, event, {{"reason", reason}, {"count", count}});
  } else if (reason.empty()) {
    Log(level, event, {{"detail", detail}, {"count", count}});
  } else {
    Log(level, event, {{"reason", reason}, {"detail", detail}, {"count", count}});
  }
}

}  // namespace

ThrottledLog::~ThrottledLog() {
  absl::MutexLock lock(&mutex_);
  for (const auto& [key, entry] : entries_) {
    if (entry.untold > 0) Write(entry.level, key.first, key.second, {}, entry.untold);
  }
}

void ThrottledLog::Log(LogLevel level, std::string_view event, std::string_view reason,
                       std::string_view detail, Clock::time_point now) {
  std::int64_t count = 0;
  {
    absl::MutexLock lock(&mutex_);
    Entry& entry = entries_[std::pair(std::string(event), std::string(reason))];
    entry.level = level;
    ++entry.untold;
    if (now < entry.next) return;
    entry.next = now + interval_;
    count = std::exchange(entry.untold, 0);
  }
  Write(level, event, reason, detail, count);
}

void ThrottledLog::Flush(Clock::time_point now) {
  absl::MutexLock lock(&mutex_);
  for (auto& [key, entry] : entries_) {
    if (entry.untold == 0 || now < entry.next) continue;
    entry.next = now + interval_;
    Write(entry.level, key.first, key.second, {}, std::exchange(entry.untold, 0));
  }
}

}  // namespace callbridge::base
