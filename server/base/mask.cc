#include "server/base/mask.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <cstddef>

#include "server/base/ids.h"
#include "server/base/limits.h"
#include "server/base/utf8.h"

namespace callbridge::base {
namespace {

constexpr std::size_t kDigitsMin = 7;
// A run of at least this many digits may be a part of a person's number.
constexpr std::size_t kPartDigitsMin = 5;
constexpr std::size_t kKeptFirst = 3;
constexpr std::size_t kKeptLast = 2;
constexpr std::size_t kUuidLength = 36;
constexpr std::size_t kTraceIdLength = 32;

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsWord(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}

bool IsUuid(std::string_view word) {
  if (word.size() != kUuidLength) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    const bool fits =
        hyphen ? word[i] == '-' : absl::ascii_isxdigit(static_cast<unsigned char>(word[i]));
    if (!fits) return false;
  }
  return true;
}

bool IsTraceId(std::string_view word) {
  return word.size() == kTraceIdLength &&
         std::all_of(word.begin(), word.end(),
                     [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); }) &&
         !std::all_of(word.begin(), word.end(), IsDigit);
}

bool IsKnownId(std::string_view word) {
  return IsSessionId(word) || IsUuid(word) || IsTraceId(word);
}

// Returns how many characters at the beginning of text make one number, or 0. Separators count only
// in numbers that begin with "+", because otherwise dates and sums of money would count as numbers.
std::size_t NumberLength(std::string_view text) {
  const bool international = text.front() == '+';
  std::size_t end = 0;
  std::size_t digits = 0;
  std::size_t separators = 0;
  for (std::size_t i = international ? 1 : 0; i < text.size(); ++i) {
    if (IsDigit(text[i])) {
      ++digits;
      separators = 0;
      end = i + 1;
    } else if (international && std::string_view(" .-()").find(text[i]) != std::string_view::npos &&
               separators < 2) {
      ++separators;
    } else {
      break;
    }
  }
  return digits >= kDigitsMin ? end : 0;
}

// True if the digits from `at` on are the fraction of a second in a time: "14:05:12.123456789".
bool IsFraction(std::string_view text, std::size_t at) {
  constexpr std::string_view kTime = "00:00:00.";
  constexpr std::size_t kFractionMax = 9;
  if (at < kTime.size()) return false;
  const std::string_view before = text.substr(at - kTime.size(), kTime.size());
  const bool time = std::ranges::equal(
      before, kTime, [](char c, char form) { return form == '0' ? IsDigit(c) : c == form; });
  const std::string_view fraction = text.substr(at);
  const auto* const end = std::ranges::find_if_not(fraction, IsDigit);
  return time && end - fraction.begin() <= static_cast<std::ptrdiff_t>(kFractionMax);
}

}  // namespace

std::string MaskNumber(std::string_view number) {
  if (number.size() < kDigitsMin) return std::string(number.size(), '*');
  std::string masked(number);
  std::fill(masked.begin() + kKeptFirst, masked.end() - kKeptLast, '*');
  return masked;
}

std::string MaskText(std::string_view text) {
  std::string masked;
  masked.reserve(text.size());
  std::size_t i = 0;
  while (i < text.size()) {
    const bool word_begins = IsWord(text[i]) && (i == 0 || !IsWord(text[i - 1]));
    if (word_begins) {
      const std::size_t length =
          static_cast<std::size_t>(
              std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), IsWord) -
              text.begin()) -
          i;
      if (IsKnownId(text.substr(i, length))) {
        masked += text.substr(i, length);
        i += length;
        continue;
      }
    }
    if (IsDigit(text[i]) || text[i] == '+') {
      const std::size_t length = IsFraction(text, i) ? 0 : NumberLength(text.substr(i));
      if (length > 0) {
        masked += MaskNumber(text.substr(i, length));
        i += length;
        continue;
      }
      // A run that is too short to be a number is skipped as a whole, so that its tail is not
      // checked again.
      do {
        masked += text[i++];
      } while (i < text.size() && IsDigit(text[i]));
      continue;
    }
    masked += text[i++];
  }
  return masked;
}

std::string MaskProviderText(std::string_view text) {
  std::string masked = MaskText(text);
  for (auto begin = masked.begin(); begin != masked.end();) {
    const auto end = std::find_if_not(begin, masked.end(), IsDigit);
    if (static_cast<std::size_t>(end - begin) >= kPartDigitsMin) std::fill(begin, end, '*');
    begin = end == masked.end() ? end : end + 1;
  }
  return std::string(FirstBytes(masked, kProviderErrorBytesMax));
}

}  // namespace callbridge::base
