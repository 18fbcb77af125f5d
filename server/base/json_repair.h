// Repairs JSON in which single strings or numbers are invalid but the structure is sound. For
// example, half an emoji that a network cut off must not make a whole event unreadable. Pure.
#pragma once

#include <string>
#include <string_view>

namespace callbridge::base {

// Returns the JSON with U+FFFD for what is invalid inside strings: escapes of half a surrogate
// pair, unknown escapes, control characters, and bytes that are not UTF-8. Numbers that do not fit
// into 64 bits become null. Everything else stays as it is, so a broken structure stays broken.
std::string RepairJson(std::string_view json);

}  // namespace callbridge::base
