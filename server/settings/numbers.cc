#include "server/settings/numbers.h"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>

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

constexpr std::string_view kSipUserSigns = "-_.!~*'()&=+$,;?/";

bool AreDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The byte that "%XX" at the beginning of the text stands for.
std::optional<unsigned char> Escaped(std::string_view text) {
  if (text.size() < 3 || !absl::ascii_isxdigit(static_cast<unsigned char>(text[1])) ||
      !absl::ascii_isxdigit(static_cast<unsigned char>(text[2]))) {
    return std::nullopt;
  }
  const std::string bytes = absl::HexStringToBytes(std::string(text.substr(1, 2)));
  return static_cast<unsigned char>(bytes.front());
}

// Empty: an escape is broken.
std::string Unescaped(std::string_view user) {
  std::string plain;
  while (!user.empty()) {
    const bool escape = user.front() == '%';
    const auto byte = escape ? Escaped(user) : static_cast<unsigned char>(user.front());
    if (!byte.has_value()) return "";
    plain += static_cast<char>(*byte);
    user.remove_prefix(escape ? 3 : 1);
  }
  return plain;
}

// "*67" and "#31#" before a number hide it, "#" behind it ends it. What is dialled comes after the
// last such sign, or begins with the plus behind it. False: only the trunk knows where the code
// ends, as in "*679005551234567".
bool TakeOffServiceCode(std::string& number) {
  constexpr std::string_view kSigns = "*#";
  number.erase(number.find_last_not_of(kSigns) + 1);
  const std::size_t last = number.find_last_of(kSigns);
  if (last == std::string::npos) return true;
  const std::size_t plus = number.find('+', last);
  number.erase(0, plus == std::string::npos ? last + 1 : plus);
  return plus != std::string::npos || last > 0;
}

}  // namespace

bool IsSipUser(std::string_view user) {
  while (!user.empty()) {
    const auto first = static_cast<unsigned char>(user.front());
    if (first != '%') {
      if (!absl::ascii_isalnum(first) &&
          kSipUserSigns.find(user.front()) == std::string_view::npos) {
        return false;
      }
      user.remove_prefix(1);
      continue;
    }
    const std::optional<unsigned char> byte = Escaped(user);
    if (!byte.has_value() || *byte < 0x20 || *byte == 0x7F || *byte == '@' || *byte == ':') {
      return false;
    }
    user.remove_prefix(3);
  }
  return true;
}

std::optional<std::string> NumberInSipUser(std::string_view user) {
  std::string number = Unescaped(user);
  number.resize(std::min(number.find_first_of(";?"), number.size()));
  std::erase_if(number,
                [](char c) { return c == '-' || c == '.' || c == '(' || c == ')' || c == ' '; });
  const bool code_is_clear = TakeOffServiceCode(number);
  if (number.starts_with('+')) {
    return AreDigits(std::string_view(number).substr(1)) ? std::optional(number) : std::nullopt;
  }
  if (!AreDigits(number) || number.size() < kDigitsMin) return std::nullopt;
  if (!code_is_clear) return number;
  if (number.starts_with("00")) return "+" + number.substr(2);
  return number.starts_with('0') ? number : "+" + number;
}

std::optional<std::string> NormalizeNumber(std::string_view number) {
  return Normalize(number, kDigitsMin);
}

std::optional<std::string> NormalizePrefix(std::string_view prefix) { return Normalize(prefix, 1); }

}  // namespace callbridge::settings
