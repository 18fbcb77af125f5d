// Computes how long to wait before the next try. The delay doubles from the first to the largest,
// with jitter, so that many clients of one server do not come back at the same moment. It reads no
// clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <stop_token>

#include "callbridge/limits.h"

namespace callbridge::client {

// The range of the delays between two tries.
struct BackoffOptions {
  // The first delay.
  std::chrono::milliseconds first = kBackoffFirst;
  // The largest delay.
  std::chrono::milliseconds max = kBackoffMax;
};

// Not thread-safe.
class Backoff {
 public:
  // The same seed gives the same delays.
  Backoff(BackoffOptions options, std::uint64_t seed) : options_(options), random_(seed) {}

  // Returns a delay between half and the whole of the next delay.
  std::chrono::milliseconds Next();
  // Starts again with the first delay, after a success.
  void Reset() { doublings_ = 0; }

 private:
  BackoffOptions options_;
  std::mt19937_64 random_;
  int doublings_ = 0;
};

// Waits for the delay. Returns early when stop is requested.
void WaitFor(std::chrono::milliseconds delay, const std::stop_token& stop);

}  // namespace callbridge::client
