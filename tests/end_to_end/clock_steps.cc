// Preloaded into a server by tests: stands before the C library's functions that tell the time of
// day, and adds what clock_control.h says, as if somebody had set the system's clock. Time that
// only passes (CLOCK_MONOTONIC) is not touched, and neither are others.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/end_to_end/clock_control.h"

namespace {

using callbridge::end_to_end::ClockControl;

const ClockControl* MapControl() {
  const char* path = std::getenv(callbridge::end_to_end::kClockControlVariable);
  const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* memory = mmap(nullptr, sizeof(ClockControl), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<const ClockControl*>(memory);
}

std::int64_t AheadSeconds() {
  static const ClockControl* const control = MapControl();
  return control == nullptr ? 0 : control->ahead_s.load();
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* result) noexcept {
  // The next definition after this library's: the sanitizer's, or the C library's.
  using Function = int(clockid_t, timespec*);
  static const auto next = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, "clock_gettime"));
  const int status = next(clock, result);
  const bool of_day = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (status == 0 && of_day) result->tv_sec += AheadSeconds();
  return status;
}

int gettimeofday(timeval* result, void* /*zone*/) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  result->tv_sec = now.tv_sec;
  result->tv_usec = now.tv_nsec / 1'000;
  return 0;
}

time_t time(time_t* result) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != nullptr) *result = now.tv_sec;
  return now.tv_sec;
}

}  // extern "C"
