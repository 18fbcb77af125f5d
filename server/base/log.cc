#include "server/base/log.h"

#include <absl/base/thread_annotations.h>
#include <absl/strings/str_format.h>
#include <absl/synchronization/mutex.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>

#include "server/base/check.h"
#include "server/base/clock.h"
#include "server/base/json_text.h"
#include "server/base/mask.h"

namespace callbridge::base {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};

std::atomic<LogLevel> level_min = LogLevel::kInfo;

// The process's one log. It is never destroyed, because other threads may still log while the process exits.
struct Output {
  absl::Mutex mutex;
  std::shared_ptr<spdlog::logger> logger ABSL_GUARDED_BY(mutex);
  std::optional<std::vector<std::string>> captured ABSL_GUARDED_BY(mutex);
};

Output& TheOutput() {
  static Output& output = *new Output;
  return output;
}

std::shared_ptr<spdlog::logger> MakeLogger() {
  auto logger = std::make_shared<spdlog::logger>("callbridge",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  // The line is complete: spdlog adds its end and nothing else.
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::trace);
  return logger;
}

}  // namespace

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
    // JSON has no infinity.
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
  Output& output = TheOutput();
  absl::MutexLock lock(&output.mutex);
  if (output.captured.has_value()) {
    output.captured->push_back(std::move(line));
    return;
  }
  if (output.logger == nullptr) output.logger = MakeLogger();
  output.logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

LogCapture::LogCapture() {
  Output& output = TheOutput();
  absl::MutexLock lock(&output.mutex);
  Check(!output.captured.has_value(), "two log captures at a time");
  output.captured.emplace();
}

LogCapture::~LogCapture() {
  Output& output = TheOutput();
  absl::MutexLock lock(&output.mutex);
  output.captured.reset();
}

std::vector<std::string> LogCapture::Lines() const {
  Output& output = TheOutput();
  absl::MutexLock lock(&output.mutex);
  return *output.captured;
}

}  // namespace callbridge::base
