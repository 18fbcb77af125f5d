#include "server/settings/numbers.h"

#include <algorithm>
#include <cstddef>

namespace callbridge::settings {
namespace {

constexpr std::size_t kDigitsMin = 8;
constexpr std::size_t kDigitsMax = 15;

std::optional<std::string> Normalize(std::string_view digits, std::size_t digits_min) {
  if (digits.starts_with('+')) digits.remove_prefix(1);
  // No country code begins with 0: such a number is a national one, or "00" for "+".
  const bool fits =
      digits.size() >= digits_min && digits.size() <= kDigitsMax && digits.front() != '0' &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!fits) return std::nullopt;
  return "+" + std::string(digits);
}

}  // namespace

std::optional<std::string> NormalizeNumber(std::string_view number) {
  return Normalize(number, kDigitsMin);
}

std::optional<std::string> NormalizePrefix(std::string_view prefix) { return Normalize(prefix, 1); }

}  // namespace callbridge::settings
