// What a request to the provider says about itself: the marks that it carries and whether its
// answer excludes that it was done.
#pragma once

#include <map>
#include <string>

#include "tests/history/history.h"

namespace callbridge::history {

// Empty if there is none.
inline std::string TagOf(const std::map<std::string, std::string>& custom_data,
                         const std::string& name) {
  const auto found = custom_data.find(name);
  return found == custom_data.end() ? "" : found->second;
}

// 4xx says so, 429 among them; everything else, an answer that never came too, leaves it open.
inline bool IsCertainlyNotDone(const ProviderRequest& request) { return request.status / 100 == 4; }

}  // namespace callbridge::history
