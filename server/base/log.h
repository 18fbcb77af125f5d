// The log: one JSON object in each line on standard error, mainly for machines. Every string value
// is masked (mask.h); callers must not pass prompt texts, keys and secrets at all. A session writes
// up to three lines in its life.
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

// Reads "debug", "info", "warning" or "error".
std::optional<LogLevel> ParseLogLevel(std::string_view name);

// One field of a log line, for example {"session", id}, {"count", 3}, {"cost", 0.25} or {"clean",
// true}.
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

// Writes {"time": …, "level": …, "event": event, fields…}. The event is a fixed snake_case word for
// which operators may search. Thread-safe. It waits for the reader of standard error, unless a
// LogThread exists.
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

// Sets the lowest level that is written; it is kInfo at the start. Thread-safe.
void SetLogLevel(LogLevel level);

// Returns the line that Log() writes at that time, without the line's end. Pure.
std::string FormatLogLine(Time time, LogLevel level, std::string_view event,
                          std::initializer_list<LogField> fields);

// Keeps log lines in memory instead of writing them, as long as it exists. Tests use it, one at a
// time.
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
