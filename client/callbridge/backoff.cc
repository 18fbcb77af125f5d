#include "client/callbridge/backoff.h"

#include <absl/synchronization/notification.h>
#include <absl/time/time.h>

#include <algorithm>

namespace callbridge::client_library {

std::chrono::milliseconds Backoff::Next() {
  std::chrono::milliseconds whole = options_.first;
  for (int i = 0; i < doublings_ && whole < options_.max; ++i) whole *= 2;
  if (whole < options_.max) ++doublings_;
  whole = std::min(whole, options_.max);
  std::uniform_int_distribution<std::int64_t> jitter(whole.count() / 2, whole.count());
  return std::chrono::milliseconds(jitter(random_));
}

void WaitFor(std::chrono::milliseconds delay, const std::stop_token& stop) {
  absl::Notification stopped;
  std::stop_callback on_stop(stop, [&] { stopped.Notify(); });
  stopped.WaitForNotificationWithTimeout(absl::FromChrono(delay));
}

}  // namespace callbridge::client_library
