#include "server/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace callbridge::base {

void CheckFailed(const char* message, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, message);
  std::fflush(stderr);
  std::abort();
}

}  // namespace callbridge::base
