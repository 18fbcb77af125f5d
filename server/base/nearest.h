// Finds the word that a person probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace callbridge::base {

// Returns the candidate with the fewest edits (insert, delete, replace, swap of neighbours) from
// word; letter case is ignored. Among equals it returns the first. Empty means that no candidate is
// near enough.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

// Returns "; did you mean "callees"?", or an empty text.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace callbridge::base
