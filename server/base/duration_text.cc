#include "server/base/duration_text.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <array>
#include <cstdint>

namespace callbridge::base {
namespace {

constexpr Duration kLongest = std::chrono::hours(24 * 3653);

struct Unit {
  std::string_view name;
  std::int64_t nanos;
};

constexpr std::array<Unit, 4> kUnits = {
    {{"h", 3'600'000'000'000}, {"m", 60'000'000'000}, {"s", 1'000'000'000}, {"ms", 1'000'000}}};

const Unit* TakeUnit(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] >= 'a' && text[length] <= 'z') ++length;
  for (const Unit& unit : kUnits) {
    if (unit.name == text.substr(0, length)) {
      text.remove_prefix(length);
      return &unit;
    }
  }
  return nullptr;
}

// Takes a part like "1.5s" from the beginning of the text.
std::optional<std::int64_t> TakePart(std::string_view& text) {
  std::int64_t whole = 0;
  std::int64_t fraction = 0;
  std::int64_t fraction_scale = 1;
  bool any_digit = false;
  bool in_fraction = false;
  while (!text.empty() && (absl::ascii_isdigit(static_cast<unsigned char>(text.front())) ||
                           (text.front() == '.' && !in_fraction))) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '.') {
      if (!any_digit) return std::nullopt;
      in_fraction = true;
      any_digit = false;
      continue;
    }
    any_digit = true;
    const int digit = c - '0';
    if (in_fraction) {
      if (fraction_scale >= 1'000'000'000) return std::nullopt;
      fraction = fraction * 10 + digit;
      fraction_scale *= 10;
    } else {
      whole = whole * 10 + digit;
      if (whole > kLongest.count()) return std::nullopt;
    }
  }
  const Unit* unit = any_digit ? TakeUnit(text) : nullptr;
  if (unit == nullptr || whole > kLongest.count() / unit->nanos) return std::nullopt;
  // The product of `fraction` and the unit could overflow, so the unit is divided first. A text for
  // which this division leaves a remainder is refused.
  const std::int64_t per_step = unit->nanos / fraction_scale;
  if (per_step * fraction_scale != unit->nanos) return std::nullopt;
  return whole * unit->nanos + fraction * per_step;
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Duration total{0};
  while (!text.empty()) {
    const std::optional<std::int64_t> part = TakePart(text);
    if (!part.has_value()) return std::nullopt;
    total += Duration(*part);
    if (total > kLongest) return std::nullopt;
  }
  return total;
}

std::string FormatDuration(Duration duration) {
  const std::int64_t nanos = duration.count();
  for (const Unit& unit : kUnits) {
    // "60s" is easier to compare with "45s" than "1m".
    if (unit.name == "m" && duration < std::chrono::minutes(2)) continue;
    if (nanos != 0 && nanos % unit.nanos == 0) {
      return absl::StrFormat("%d%s", nanos / unit.nanos, unit.name);
    }
  }
  std::string text = absl::StrFormat("%d.%09d", nanos / 1'000'000'000, nanos % 1'000'000'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + "s";
}

}  // namespace callbridge::base
