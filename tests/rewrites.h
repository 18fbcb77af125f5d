// Whether this run of the tests writes its goldens anew instead of comparing with them.
#pragma once

#include <cstdlib>
#include <string_view>

namespace callbridge {

// True if CALLBRIDGE_REWRITE is 1.
inline bool RewritesGoldens() {
  const char* rewrite = std::getenv("CALLBRIDGE_REWRITE");
  return rewrite != nullptr && std::string_view(rewrite) == "1";
}

}  // namespace callbridge
