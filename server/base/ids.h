// Names of sessions: "s_" and 26 characters of Crockford's base 32 (a ULID), sortable by time of
// birth. Randomness comes from an injected source, so that a simulation repeats itself; nothing
// here reads a clock.
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

// Thread-safe.
class RandomBits {
 public:
  virtual ~RandomBits() = default;
  virtual void Fill(std::span<std::uint8_t> bytes) = 0;
};

// The kernel's source; ends the process if it has none.
class SystemRandomBits final : public RandomBits {
 public:
  void Fill(std::span<std::uint8_t> bytes) override;
};

// The same seed gives the same bits.
class SeededRandomBits final : public RandomBits {
 public:
  explicit SeededRandomBits(std::uint64_t seed) : generator_(seed) {}
  void Fill(std::span<std::uint8_t> bytes) override;

 private:
  absl::Mutex mutex_;
  std::mt19937_64 generator_ ABSL_GUARDED_BY(mutex_);
};

inline constexpr std::size_t kSessionIdTailBytes = 10;

// A new name.
std::string MakeSessionId(Time birth, RandomBits& random_bits);

// The name that follows from a digest: for incoming calls, whose second CALL_RECEIVED must meet the
// first. Only whole milliseconds of birth count.
std::string MakeSessionId(Time birth, std::span<const std::uint8_t, kSessionIdTailBytes> digest);

// Below every name that was made at this time or later, and above all earlier ones.
std::string FirstSessionId(Time birth);

// The time that a name was made with, to the millisecond. Absent: it is no name, or names a time
// that Time cannot hold.
std::optional<Time> BirthOf(std::string_view session_id);

// True for a string that MakeSessionId could have made.
bool IsSessionId(std::string_view text);

}  // namespace callbridge::base
