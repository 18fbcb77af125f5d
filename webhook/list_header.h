// Parses header fields that are lists. Several lines and one line with commas mean the same (RFC
// 9110 §5.3).
#pragma once

#include <absl/strings/str_split.h>
#include <absl/strings/string_view.h>

#include <string_view>
#include <vector>

#include "server/base/trimmed.h"

namespace callbridge::webhook {

// Adds the trimmed elements of one line; empty elements are skipped. The elements point into the
// line.
inline void AddElements(std::string_view line, std::vector<std::string_view>& elements) {
  for (const absl::string_view part :
       absl::StrSplit(absl::string_view(line.data(), line.size()), ',')) {
    const std::string_view element = base::Trimmed(std::string_view(part.data(), part.size()));
    if (!element.empty()) elements.push_back(element);
  }
}

}  // namespace callbridge::webhook
