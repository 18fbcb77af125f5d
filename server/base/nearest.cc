#include "server/base/nearest.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <cstddef>

namespace callbridge::base {
namespace {

std::size_t Edits(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before_last(to.size() + 1);
  std::vector<std::size_t> last(to.size() + 1);
  std::vector<std::size_t> current(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      current[j] = std::min({replaced, last[j] + 1, current[j - 1] + 1});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(current);
  }
  return last[to.size()];
}

}  // namespace

std::string Nearest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string lower = absl::AsciiStrToLower({word.data(), word.size()});
  // Up to a third of the letters may be wrong, and in a short word one letter.
  std::size_t best_edits = std::max<std::size_t>(1, lower.size() / 3) + 1;
  std::string best;
  for (const std::string& candidate : candidates) {
    const std::size_t edits = Edits(lower, absl::AsciiStrToLower(candidate));
    // A word that shares no letter with the candidate is no misspelling of it.
    if (edits < best_edits && edits < candidate.size()) {
      best_edits = edits;
      best = candidate;
    }
  }
  return best;
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string nearest = Nearest(word, candidates);
  return nearest.empty() ? "" : absl::StrFormat("; did you mean \"%s\"?", nearest);
}

}  // namespace callbridge::base
