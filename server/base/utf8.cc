#include "server/base/utf8.h"

#include <cstdint>

namespace callbridge::base {

std::size_t Utf8SequenceLength(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text.front());
  if (first < 0x80) return 1;
  std::size_t length = 0;
  // The second byte's range excludes overlong forms, surrogates and values above U+10FFFF.
  std::uint8_t second_min = 0x80;
  std::uint8_t second_max = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) second_min = 0xA0;
    if (first == 0xED) second_max = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) second_min = 0x90;
    if (first == 0xF4) second_max = 0x8F;
  }
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    const std::uint8_t low = i == 1 ? second_min : 0x80;
    const std::uint8_t high = i == 1 ? second_max : 0xBF;
    if (byte < low || byte > high) return 0;
  }
  return length;
}

char32_t DecodeUtf8(std::string_view sequence) {
  const auto first = static_cast<std::uint8_t>(sequence.front());
  if (sequence.size() == 1) return first;
  // The first byte begins with as many ones as the sequence has bytes, and a zero. This removes
  // them.
  char32_t code_point = first & (0x7FU >> sequence.size());
  for (const char byte : sequence.substr(1)) {
    code_point = (code_point << 6U) | (static_cast<std::uint8_t>(byte) & 0x3FU);
  }
  return code_point;
}

std::optional<std::size_t> CountCodePoints(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    if (length == 0) return std::nullopt;
    text.remove_prefix(length);
    ++count;
  }
  return count;
}

std::string_view FirstBytes(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  // Goes back to the first byte of the code point that would be cut.
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string Shortened(std::string_view text, std::size_t bytes_max) {
  constexpr std::string_view kEllipsis = "...";
  if (text.size() <= bytes_max) return std::string(text);
  const std::size_t kept = bytes_max < kEllipsis.size() ? 0 : bytes_max - kEllipsis.size();
  return std::string(FirstBytes(text, kept)).append(kEllipsis);
}

}  // namespace callbridge::base
