#include "server/base/clock.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/base/limits.h"
#include "server/base/log.h"

namespace callbridge::base {
namespace {

// How many nanoseconds must pass before the clock may follow the system's clock by one nanosecond.
constexpr Duration::rep kTimeForOne = Duration(std::chrono::seconds(1)) / kClockSlewPerSecond;

void WarnOfDifference(Duration system_ahead) {
  Log(LogLevel::kWarning, "clock_differs",
      {{"system_ahead_s", std::chrono::duration<double>(system_ahead).count()},
       {"help",
        "the system's clock was set to another time, or was wrong when this process started; calls "
        "are not affected, and this process follows it by 5 ms a second. Times that it writes "
        "differ by this much until then, or until a restart with the right time"}});
}

}  // namespace

TimeSources MachineTime() {
  return {
      .system =
          [] { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); },
      .steady = [] { return Duration(std::chrono::steady_clock::now().time_since_epoch()); }};
}

ServiceClock::ServiceClock(TimeSources sources)
    : sources_(std::move(sources)),
      now_(sources_.system()),
      steady_(sources_.steady()),
      next_warning_(steady_) {}

void ServiceClock::GoOn() const {
  const Duration steady = sources_.steady();
  const Time system = sources_.system();
  const Duration passed = std::max(steady - steady_, Duration::zero());
  steady_ += passed;
  now_ += passed;
  unused_ += passed;
  const Duration most = unused_ / kTimeForOne;
  unused_ %= kTimeForOne;
  now_ += std::clamp(system - now_, -most, most);
  system_ahead_ = system - now_;
}

bool ServiceClock::TakeWarning() const {
  if (std::chrono::abs(system_ahead_) <= kClockDifferenceMax || steady_ < next_warning_)
    return false;
  next_warning_ = steady_ + kClockWarningInterval;
  return true;
}

Time ServiceClock::Now() const {
  bool warn = false;
  Time now;
  Duration system_ahead;
  {
    absl::MutexLock lock(&mutex_);
    GoOn();
    warn = TakeWarning();
    now = now_;
    system_ahead = system_ahead_;
  }
  // The warning is written without the lock, because the log asks a clock for the time.
  if (warn) WarnOfDifference(system_ahead);
  return now;
}

void ServiceClock::ContinueAfter(Time earlier) {
  absl::MutexLock lock(&mutex_);
  GoOn();
  now_ = std::max(now_, earlier);
}

Duration ServiceClock::system_ahead() const {
  absl::MutexLock lock(&mutex_);
  GoOn();
  return system_ahead_;
}

ServiceClock& ProcessClock() {
  // The clock is never destroyed, because other threads may still log while the process exits.
  static ServiceClock& clock = *new ServiceClock;
  return clock;
}

}  // namespace callbridge::base
