// The version of the programs, as CMakeLists.txt says it.
#pragma once

#include <string_view>

namespace callbridge::base {

// Like "0.1.0".
std::string_view Version();

}  // namespace callbridge::base
