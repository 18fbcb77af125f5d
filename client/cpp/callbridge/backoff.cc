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
  // The wait uses the steady clock, so that it does not become longer if the system's clock is set
  // back.
  std::condition_variable_any().wait_for(lock, stop, delay, [] { return false; });
}

}  // namespace callbridge::client
