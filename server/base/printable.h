// Makes texts of others safe for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace callbridge::base {

// Replaces control characters, and bytes that are not UTF-8, by "?", so that a caller's name or a
// reason cannot control the terminal.
std::string Printable(std::string_view text);

}  // namespace callbridge::base
