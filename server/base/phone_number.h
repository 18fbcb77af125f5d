// Telephone numbers as the provider writes them.
#pragma once

#include <string_view>

namespace callbridge::base {

// Returns the number without "+". The provider writes E.164 like this, and advises to compare
// numbers like this (docs/provider.md §1.3).
inline std::string_view WithoutPlus(std::string_view number) {
  return number.starts_with('+') ? number.substr(1) : number;
}

}  // namespace callbridge::base
