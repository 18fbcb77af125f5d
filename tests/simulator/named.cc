#include "tests/simulator/named.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>
#include <absl/strings/string_view.h>

#include <cmath>

namespace callbridge::simulator {

absl::StatusOr<double> ParseNumber(std::string_view text, double min, double max) {
  double number = 0;
  if (!absl::SimpleAtod(absl::string_view(text.data(), text.size()), &number) ||
      !std::isfinite(number) || number < min || number > max) {
    return absl::InvalidArgumentError(absl::StrFormat("must be a number from %g to %g", min, max));
  }
  return number;
}

std::string FormatNumber(double number) { return absl::StrFormat("%g", number); }

absl::StatusOr<base::Duration> ParseDuration(std::string_view text) {
  double factor = 1e9;
  if (text.ends_with("ms")) {
    factor = 1e6;
    text.remove_suffix(2);
  } else if (text.ends_with("s")) {
    text.remove_suffix(1);
  } else if (text.ends_with("m")) {
    factor = 60e9;
    text.remove_suffix(1);
  }
  // A week, so that no sum of durations overflows.
  const auto number = ParseNumber(text, 0, 604'800e9 / factor);
  if (!number.ok()) {
    return absl::InvalidArgumentError("must be a duration of at most a week, like 250ms or 1.5s");
  }
  return base::Duration(std::llround(*number * factor));
}

std::string FormatDuration(base::Duration duration) {
  return absl::StrFormat("%gs", static_cast<double>(duration.count()) / 1e9);
}

}  // namespace callbridge::simulator
