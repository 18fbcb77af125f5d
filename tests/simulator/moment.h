// Reads the date-times of requests: docs/provider.md §1.3. Its counterpart, FormatMoment, stands in
// json_writer.h.
#pragma once

#include <optional>
#include <string_view>

#include "server/base/time.h"

namespace callbridge::simulator {

// "2026-01-15T12:00:00.000+0000"; also without fraction, and with +00:00 or Z or another offset.
std::optional<base::Time> ParseMoment(std::string_view text);

}  // namespace callbridge::simulator
