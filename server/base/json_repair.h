// JSON whose structure is sound and of which single texts or numbers are not: half an emoji that
// some network cut off must not make a whole event unreadable. Pure.
#pragma once

#include <string>
#include <string_view>

namespace callbridge::base {

// The same JSON with what is bad inside its strings written as U+FFFD (escapes of half a surrogate
// pair, unknown escapes, control characters, bytes that are not UTF-8) and with null for numbers
// that 64 bits may not hold. Everything else stays as it is, so a broken structure stays broken.
std::string RepairJson(std::string_view json);

}  // namespace callbridge::base
