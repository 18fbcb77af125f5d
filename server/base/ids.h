// Ids of sessions: "s_" and 26 characters of Crockford's base 32 (a ULID), which sort by time of
// creation. Randomness comes from an injected source, so that a simulation can be repeated; no
// function here reads a clock.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "server/base/time.h"

namespace callbridge::base {

// A source of random bits. Thread-safe.
class RandomBits {
 public:
  virtual ~RandomBits() = default;
  virtual void Fill(std::span<std::uint8_t> bytes) = 0;
};

// The kernel's source. The process ends if the kernel has none.
class SystemRandomBits final : public RandomBits {
 public:
  void Fill(std::span<std::uint8_t> bytes) override;
};

// A source in which the same seed gives the same bits.
class SeededRandomBits final : public RandomBits {
 public:
  explicit SeededRandomBits(std::uint64_t seed) : generator_(seed) {}
  void Fill(std::span<std::uint8_t> bytes) override;

 private:
  absl::Mutex mutex_;
  std::mt19937_64 generator_ ABSL_GUARDED_BY(mutex_);
};

inline constexpr std::size_t kSessionIdTailBytes = 10;

// Makes a new id from the time and random bits.
std::string MakeSessionId(Time birth, RandomBits& random_bits);

// Makes the id that follows from a digest, for incoming calls: a second CALL_RECEIVED must lead to
// the same session as the first. `birth` counts in whole milliseconds only.
std::string MakeSessionId(Time birth, std::span<const std::uint8_t, kSessionIdTailBytes> digest);

// Returns an id that sorts before every id made at `birth` or later, and after all earlier ids.
std::string FirstSessionId(Time birth);

// Returns the time from which the id was made, to the millisecond. Absent means that the text is
// not an id, or that Time cannot hold its time.
std::optional<Time> BirthOf(std::string_view session_id);

// True for a text that MakeSessionId could have made.
bool IsSessionId(std::string_view text);

}  // namespace callbridge::base
