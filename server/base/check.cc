#include "server/base/check.h"

#include <cstdlib>
#include <string>

#include "server/base/log_thread.h"

namespace callbridge::base {

void CheckFailed(const char* message, const char* file, int line) {
  PrintLastWords(std::string(file) + ":" + std::to_string(line) + ": broken invariant: " + message);
  std::abort();
}

}  // namespace callbridge::base
