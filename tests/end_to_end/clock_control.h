// What a test and the preloaded clock_steps.cc share: a mapped file that says by how much the
// system's clock is wrong.
#pragma once

#include <atomic>
#include <cstdint>

namespace callbridge::end_to_end {

// Name of the environment variable with the file that holds a ClockControl.
inline constexpr char kClockControlVariable[] = "CALLBRIDGE_CLOCK_CONTROL";

struct ClockControl {
  std::atomic<std::int64_t> ahead_s{0};
};

}  // namespace callbridge::end_to_end
