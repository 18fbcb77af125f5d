// The version of the programs, from CMakeLists.txt, with the revision if the build names one.
#pragma once

#include <string_view>

namespace callbridge::base {

// Returns a text like "0.1.0" or "0.1.0 (1ee9da9)".
std::string_view Version();

}  // namespace callbridge::base
