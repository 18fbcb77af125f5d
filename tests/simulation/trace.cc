#include "tests/simulation/trace.h"

#include <absl/strings/str_cat.h>

namespace callbridge::simulation {

void Trace::Add(std::string_view bytes) {
  constexpr std::uint64_t kPrime = 1099511628211U;
  for (const char byte : bytes) {
    hash_ = (hash_ ^ static_cast<unsigned char>(byte)) * kPrime;
  }
}

void Trace::Note(base::Time at, std::string_view who, std::string_view what) {
  Add(std::to_string(at.time_since_epoch().count()));
  Add(who);
  Add(what);
  Remark(at, who, what);
}

void Trace::Remark(base::Time at, std::string_view who, std::string_view what) {
  if (!keep_lines_) return;
  constexpr std::size_t kDateSize = 11;
  lines_.push_back(absl::StrCat(base::FormatTime(at).substr(kDateSize), "  ", std::string(who),
                                std::string(who.size() < 10 ? 10 - who.size() : 0, ' '), "  ",
                                std::string(what)));
}

}  // namespace callbridge::simulation
