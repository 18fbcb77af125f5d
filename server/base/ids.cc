#include "server/base/ids.h"

#include <sys/random.h>

#include <algorithm>
#include <chrono>

#include "server/base/check.h"

namespace callbridge::base {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kPrefix = "s_";
constexpr std::size_t kUlidLength = 26;
constexpr std::size_t kTimeBytes = 6;
// This many digits at the beginning hold only the time.
constexpr std::size_t kTimeLength = 10;
constexpr std::size_t kUlidBytes = kTimeBytes + kSessionIdTailBytes;
// getentropy gives up to this many bytes at a time.
constexpr std::size_t kEntropyBytesMax = 256;

// Writes 128 bits as 26 digits of 5 bits each. The two highest bits of the first digit are zero.
std::string Encode(const std::array<std::uint8_t, kUlidBytes>& bytes) {
  std::string text(kUlidLength, '0');
  std::uint32_t pending = 0;
  int pending_bits = 0;
  std::size_t position = kUlidLength;
  for (std::size_t i = kUlidBytes; i-- > 0;) {
    pending |= static_cast<std::uint32_t>(bytes[i]) << pending_bits;
    pending_bits += 8;
    while (pending_bits >= 5) {
      text[--position] = kAlphabet[pending & 31];
      pending >>= 5;
      pending_bits -= 5;
    }
  }
  text[--position] = kAlphabet[pending & 31];
  return text;
}

}  // namespace

void SystemRandomBits::Fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const std::size_t count = std::min(bytes.size(), kEntropyBytesMax);
    Check(getentropy(bytes.data(), count) == 0, "the kernel gives no random bits");
    bytes = bytes.subspan(count);
  }
}

void SeededRandomBits::Fill(std::span<std::uint8_t> bytes) {
  absl::MutexLock lock(&mutex_);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(generator_());
}

std::string MakeSessionId(Time birth, RandomBits& random_bits) {
  std::array<std::uint8_t, kSessionIdTailBytes> tail;
  random_bits.Fill(tail);
  return MakeSessionId(birth, tail);
}

std::string MakeSessionId(Time birth, std::span<const std::uint8_t, kSessionIdTailBytes> digest) {
  const auto millis = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(birth).time_since_epoch().count());
  std::array<std::uint8_t, kUlidBytes> bytes;
  for (std::size_t i = 0; i < kTimeBytes; ++i) {
    bytes[i] = static_cast<std::uint8_t>(millis >> (8 * (kTimeBytes - 1 - i)));
  }
  std::copy(digest.begin(), digest.end(), bytes.begin() + kTimeBytes);
  return std::string(kPrefix) + Encode(bytes);
}

std::string FirstSessionId(Time birth) {
  constexpr std::array<std::uint8_t, kSessionIdTailBytes> kLowest{};
  return MakeSessionId(std::max(birth, Time()), kLowest);
}

std::optional<Time> BirthOf(std::string_view session_id) {
  if (!IsSessionId(session_id)) return std::nullopt;
  std::int64_t millis = 0;
  for (const char digit : session_id.substr(kPrefix.size(), kTimeLength)) {
    millis = millis * 32 + static_cast<std::int64_t>(kAlphabet.find(digit));
  }
  constexpr auto kLast = std::chrono::floor<std::chrono::milliseconds>(Time::max());
  if (millis > kLast.time_since_epoch().count()) return std::nullopt;
  return Time(std::chrono::milliseconds(millis));
}

bool IsSessionId(std::string_view text) {
  if (text.size() != kPrefix.size() + kUlidLength || !text.starts_with(kPrefix)) return false;
  text.remove_prefix(kPrefix.size());
  return text.front() <= '7' && std::all_of(text.begin(), text.end(), [](char c) {
           return kAlphabet.find(c) != std::string_view::npos;
         });
}

}  // namespace callbridge::base
