// The word that somebody probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace callbridge::base {

// The candidate with the fewest edits (insert, delete, replace, swap of neighbours) from word,
// letters compared without case; empty if all are too far away to be meant. Of equals the first.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

// "; did you mean "callees"?", or nothing.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace callbridge::base
