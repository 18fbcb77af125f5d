#include "server/base/clock.h"

#include <chrono>

namespace callbridge::base {

Time SystemClock::Now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

}  // namespace callbridge::base
