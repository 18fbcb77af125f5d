// Durations as people write them: "8s", "1.5s", "500ms", "2m", "1h30m".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/base/time.h"

namespace callbridge::base {

// Parses a duration. Absent means that the text is not a duration, or that it is negative, finer
// than a nanosecond or longer than ten years.
std::optional<Duration> ParseDuration(std::string_view text);

// Writes the duration in one unit, so that people can compare. ParseDuration reads it back as the
// same value.
std::string FormatDuration(Duration duration);

}  // namespace callbridge::base
