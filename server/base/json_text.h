// Writes JSON strings with their escapes.
#pragma once

#include <string>
#include <string_view>

namespace callbridge::base {

// Appends text as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD, so that
// the result is always valid.
void AppendJsonString(std::string_view text, std::string& json);

}  // namespace callbridge::base
