#include "tests/simulator/moment.h"

#include <absl/strings/numbers.h>
#include <absl/strings/string_view.h>

#include <chrono>

namespace callbridge::simulator {
namespace {

// Takes exactly so many digits from the front.
std::optional<int> TakeNumber(std::string_view& text, std::size_t digits) {
  int number = 0;
  if (text.size() < digits) return std::nullopt;
  for (std::size_t index = 0; index < digits; ++index) {
    if (text[index] < '0' || text[index] > '9') return std::nullopt;
    number = number * 10 + (text[index] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool TakeCharacter(std::string_view& text, char character) {
  if (!text.starts_with(character)) return false;
  text.remove_prefix(1);
  return true;
}

// 0 to 9 digits after the point.
std::optional<base::Duration> TakeFraction(std::string_view& text) {
  base::Duration fraction = base::Duration::zero();
  if (!TakeCharacter(text, '.')) return fraction;
  base::Duration unit = std::chrono::milliseconds(100);
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (unit == base::Duration::zero()) return std::nullopt;
    fraction += unit * (text.front() - '0');
    unit /= 10;
    text.remove_prefix(1);
  }
  return fraction;
}

std::optional<base::Duration> TakeOffset(std::string_view text) {
  if (text == "Z") return base::Duration::zero();
  // A "+" of an unescaped query has become a space.
  const bool minus = text.starts_with('-');
  if (text.empty() || (!minus && text.front() != '+' && text.front() != ' ')) return std::nullopt;
  text.remove_prefix(1);
  const auto hours = TakeNumber(text, 2);
  TakeCharacter(text, ':');
  const auto minutes = TakeNumber(text, 2);
  if (!hours || !minutes || !text.empty()) return std::nullopt;
  const base::Duration offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return minus ? -offset : offset;
}

}  // namespace

std::optional<base::Time> ParseMoment(std::string_view text) {
  const auto year = TakeNumber(text, 4);
  if (!year || !TakeCharacter(text, '-')) return std::nullopt;
  const auto month = TakeNumber(text, 2);
  if (!month || !TakeCharacter(text, '-')) return std::nullopt;
  const auto day = TakeNumber(text, 2);
  if (!day || !TakeCharacter(text, 'T')) return std::nullopt;
  const auto hour = TakeNumber(text, 2);
  if (!hour || !TakeCharacter(text, ':')) return std::nullopt;
  const auto minute = TakeNumber(text, 2);
  if (!minute || !TakeCharacter(text, ':')) return std::nullopt;
  const auto second = TakeNumber(text, 2);
  const auto fraction = TakeFraction(text);
  const auto offset = TakeOffset(text);
  if (!second || !fraction || !offset) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  // Years beyond these do not fit into nanoseconds.
  if (*year < 1970 || *year > 2200) return std::nullopt;
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return base::Time(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
         std::chrono::minutes(*minute) + std::chrono::seconds(*second) + *fraction - *offset;
}

}  // namespace callbridge::simulator
