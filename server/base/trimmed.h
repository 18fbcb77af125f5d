// Removes the spaces and line breaks around a text from a file, a header or JSON: space, tab, CR
// and LF.
#pragma once

#include <cstddef>
#include <string_view>

namespace callbridge::base {

// The result points into the given text.
inline std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace callbridge::base
