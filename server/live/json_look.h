// Single looks into a body, for scripts that know where they look. A body that is not JSON has
// nothing anywhere.
#pragma once

#include <string>
#include <string_view>

namespace callbridge::live {

// Returns the text, number or flag at the JSON pointer, as text; empty if there is none, or null.
std::string At(std::string_view json, const std::string& pointer);

enum class Presence { kAbsent, kEmpty, kFilled };
// Whether there is an array or object at the pointer, and whether something is in it.
Presence PresenceAt(std::string_view json, const std::string& pointer);

// True if a member anywhere in the body is null.
bool HasNull(std::string_view json);

}  // namespace callbridge::live
