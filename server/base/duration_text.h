// Durations as people write them: "8s", "1.5s", "500ms", "2m", "1h30m".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/base/time.h"

namespace callbridge::base {

// Absent: not a duration, negative, finer than a nanosecond or longer than ten years.
std::optional<Duration> ParseDuration(std::string_view text);

// A form that ParseDuration reads back as the same value; of one unit, so that people can compare.
std::string FormatDuration(Duration duration);

}  // namespace callbridge::base
