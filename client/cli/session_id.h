// Which session a person means: a whole id as `list` shows it, or the end of one as `watch` does.
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "callbridge/client.h"

namespace callbridge::cli {

// What `watch` shows of an id, and the least that may be written instead of the whole.
inline constexpr std::size_t kShortIdLength = 6;
// A short id is looked for among this many of the newest sessions.
inline constexpr int kShortIdSearchMax = 1000;

// A text that begins with "s_" is taken as it is. Another one is the end of an id, upper or lower
// case, of at least kShortIdLength characters. INVALID_ARGUMENT: it is shorter, or it fits several
// sessions. NOT_FOUND: none of the newest fits. Else what ListSessions fails with.
absl::StatusOr<std::string> FindSessionId(client::Client& client, const std::string& text);

}  // namespace callbridge::cli
