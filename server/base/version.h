// The version of the programs, as CMakeLists.txt says it, and the revision if the build names one.
#pragma once

#include <string_view>

namespace callbridge::base {

// Like "0.1.0" or "0.1.0 (1ee9da9)".
std::string_view Version();

}  // namespace callbridge::base
