// The log: one JSON object in a line on standard error, for machines first. Every string value is
// masked (mask.h); prompt texts, keys and secrets must not be passed at all. A session writes at
// most three lines in its life.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/base/time.h"

namespace callbridge::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// "debug", "info", "warning" or "error".
std::optional<LogLevel> ParseLogLevel(std::string_view name);

// {"session", id}, {"count", 3}, {"cost", 0.25}, {"clean", true}.
class LogField {
 public:
  LogField(std::string_view name, std::string_view value) : name_(name), value_(value) {}
  LogField(std::string_view name, const std::string& value)
      : LogField(name, std::string_view(value)) {}
  LogField(std::string_view name, const char* value) : LogField(name, std::string_view(value)) {}
  LogField(std::string_view name, bool value) : name_(name), value_(value) {}
  LogField(std::string_view name, double value) : name_(name), value_(value) {}
  template <std::integral Integer>
  LogField(std::string_view name, Integer value)
      : name_(name), value_(static_cast<std::int64_t>(value)) {}

  void AppendTo(std::string& json) const;

 private:
  std::string_view name_;
  std::variant<std::string_view, std::int64_t, double, bool> value_;
};

// Writes {"time": …, "level": …, "event": event, fields…}. The event is a fixed snake_case word
// that operators may search for. Thread-safe. It waits for the reader of standard error, unless a
// LogThread lives.
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

// Lines below this level are not written. Thread-safe. At the start: kInfo.
void SetLogLevel(LogLevel level);

// The line without its end. Pure: what Log writes at that time.
std::string FormatLogLine(Time time, LogLevel level, std::string_view event,
                          std::initializer_list<LogField> fields);

// While it lives, lines are kept here instead of being written: for tests. At most one at a time.
class LogCapture {
 public:
  LogCapture();
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  // Thread-safe.
  std::vector<std::string> Lines() const;
};

}  // namespace callbridge::base
