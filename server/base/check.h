// Broken invariants. A failed check ends the process with file, line and message, in release builds
// too: continuing on a state that cannot be is worse than a restart. Not for refused input and not
// for likely failures.
#pragma once

namespace callbridge::base {

// Writes what is logged and "file:line: message" on standard error, and aborts.
[[noreturn]] void CheckFailed(const char* message, const char* file, int line);

// The defaults are those of the calling line.
inline void Check(bool condition, const char* message, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  if (!condition) [[unlikely]] {
    CheckFailed(message, file, line);
  }
}

}  // namespace callbridge::base
