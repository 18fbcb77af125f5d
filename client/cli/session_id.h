// Finds the session that a person means: by a whole id, as `list` shows it, or by the end of an id,
// as `watch` shows it.
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "callbridge/client.h"

namespace callbridge::cli {

// The number of characters that `watch` shows of an id, and the fewest that a user may write.
inline constexpr std::size_t kShortIdLength = 6;
// A short id is searched among this many of the newest sessions.
inline constexpr int kShortIdSearchMax = 1000;

// Returns a text that begins with "s_" as it is. Any other text is the end of an id, in upper or
// lower case, of at least kShortIdLength characters. INVALID_ARGUMENT means that it is shorter, or
// that several sessions match. NOT_FOUND means that none of the newest sessions matches. Other
// errors come from ListSessions.
absl::StatusOr<std::string> FindSessionId(client::Client& client, const std::string& text);

}  // namespace callbridge::cli
