#include "callbridge/backoff.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace callbridge::client {

std::chrono::milliseconds Backoff::Next() {
  std::chrono::milliseconds whole = options_.first;
  for (int i = 0; i < doublings_ && whole < options_.max; ++i) whole *= 2;
  if (whole < options_.max) ++doublings_;
  whole = std::min(whole, options_.max);
  std::uniform_int_distribution<std::int64_t> jitter(whole.count() / 2, whole.count());
  return std::chrono::milliseconds(jitter(random_));
}

void WaitFor(std::chrono::milliseconds delay, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  // By the steady clock, so that a system's clock that is set back makes nobody wait for longer.
  std::condition_variable_any().wait_for(lock, stop, delay, [] { return false; });
}

}  // namespace callbridge::client
