// What a world did that must never happen: the number of the invariant in docs/invariants.md, and a
// sentence.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "server/base/time.h"

namespace callbridge::simulation {

// What must hold and has no number there.
inline constexpr int kUnnumbered = 0;

class Violations {
 public:
  void Add(base::Time at, int invariant, std::string text) {
    // The first ones say what went wrong; the rest follows from them.
    constexpr std::size_t kKept = 20;
    if (found_.size() >= kKept) return;
    found_.push_back(base::FormatTime(at).substr(11) + "  invariant " + std::to_string(invariant) +
                     ": " + std::move(text));
  }
  bool empty() const { return found_.empty(); }
  const std::vector<std::string>& found() const { return found_; }

 private:
  std::vector<std::string> found_;
};

}  // namespace callbridge::simulation
