#include "server/base/log.h"

#include <absl/strings/str_format.h>
#include <absl/synchronization/mutex.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <utility>

#include "server/base/check.h"
#include "server/base/clock.h"
#include "server/base/json_text.h"
#include "server/base/log_output.h"
#include "server/base/mask.h"

namespace callbridge::base {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};

std::atomic<LogLevel> level_min = LogLevel::kInfo;

}  // namespace

LogOutput& TheLogOutput() {
  static LogOutput& output = *new LogOutput;
  return output;
}

bool WriteLogLine(int file, std::string line) {
  line += '\n';
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t written = write(file, left.data(), left.size());
    if (written > 0) {
      left.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      // Another program that shares the file has made it non-blocking. The log still waits for the
      // file.
      pollfd full{file, POLLOUT, 0};
      poll(&full, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

std::optional<LogLevel> ParseLogLevel(std::string_view name) {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (kLevelNames[i] == name) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

void LogField::AppendTo(std::string& json) const {
  AppendJsonString(name_, json);
  json += ':';
  if (const auto* text = std::get_if<std::string_view>(&value_)) {
    AppendJsonString(MaskText(*text), json);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value_)) {
    json += std::to_string(*integer);
  } else if (const auto* number = std::get_if<double>(&value_)) {
    // JSON can write neither infinity nor NaN.
    json += std::isfinite(*number) ? absl::StrFormat("%.6g", *number) : "null";
  } else {
    json += std::get<bool>(value_) ? "true" : "false";
  }
}

std::string FormatLogLine(Time time, LogLevel level, std::string_view event,
                          std::initializer_list<LogField> fields) {
  std::string json = "{\"time\":";
  AppendJsonString(FormatTime(time), json);
  json += ",\"level\":";
  AppendJsonString(kLevelNames[static_cast<std::size_t>(level)], json);
  json += ",\"event\":";
  AppendJsonString(event, json);
  for (const LogField& field : fields) {
    json += ',';
    field.AppendTo(json);
  }
  json += '}';
  return json;
}

void SetLogLevel(LogLevel level) { level_min.store(level, std::memory_order_relaxed); }

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < level_min.load(std::memory_order_relaxed)) return;
  std::string line = FormatLogLine(ProcessClock().Now(), level, event, fields);
  LogOutput& output = TheLogOutput();
  absl::MutexLock lock(&output.mutex);
  if (output.captured.has_value()) {
    output.captured->push_back(std::move(line));
  } else if (output.queue != nullptr) {
    PostLogLine(*output.queue, line);
  } else {
    WriteLogLine(STDERR_FILENO, std::move(line));
  }
}

LogCapture::LogCapture() {
  LogOutput& output = TheLogOutput();
  bool first = false;
  {
    absl::MutexLock lock(&output.mutex);
    first = !output.captured.has_value();
    output.captured.emplace();
  }
  Check(first, "two log captures at a time");
}

LogCapture::~LogCapture() {
  LogOutput& output = TheLogOutput();
  absl::MutexLock lock(&output.mutex);
  output.captured.reset();
}

std::vector<std::string> LogCapture::Lines() const {
  LogOutput& output = TheLogOutput();
  absl::MutexLock lock(&output.mutex);
  return *output.captured;
}

}  // namespace callbridge::base
