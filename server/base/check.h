// Checks for broken invariants. A failed check ends the process with file, line and message, in
// release builds too, because continuing in an impossible state is worse than a restart. Refused
// input and likely failures are returned as a Status instead.
#pragma once

namespace callbridge::base {

// Writes the waiting log lines and "file:line: message" to standard error, and aborts.
[[noreturn]] void CheckFailed(const char* message, const char* file, int line);

// The default file and line are those of the call.
inline void Check(bool condition, const char* message, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  if (!condition) [[unlikely]] {
    CheckFailed(message, file, line);
  }
}

}  // namespace callbridge::base
