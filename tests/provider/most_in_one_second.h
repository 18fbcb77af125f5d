// How close moments lie together, for the rates of requests.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "server/base/time.h"

namespace callbridge::provider {

// The most of these moments, which are sorted, that lie within one second.
inline std::ptrdiff_t MostInOneSecond(const std::vector<base::Time>& times) {
  std::ptrdiff_t most = 0;
  for (auto first = times.begin(); first != times.end(); ++first) {
    const auto end = std::lower_bound(first, times.end(), *first + std::chrono::seconds(1));
    most = std::max(most, end - first);
  }
  return most;
}

}  // namespace callbridge::provider
