#include "server/base/time.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <cstdint>

namespace callbridge::base {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

}  // namespace

google::protobuf::Timestamp ToTimestamp(Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds.time_since_epoch().count());
  timestamp.set_nanos(static_cast<std::int32_t>((time - seconds).count()));
  return timestamp;
}

google::protobuf::Duration ToProtoDuration(Duration duration) {
  google::protobuf::Duration result;
  result.set_seconds(duration.count() / kNanosPerSecond);
  result.set_nanos(static_cast<std::int32_t>(duration.count() % kNanosPerSecond));
  return result;
}

Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return Time(std::chrono::seconds(timestamp.seconds()) +
              std::chrono::nanoseconds(timestamp.nanos()));
}

Duration FromProtoDuration(const google::protobuf::Duration& duration) {
  return std::chrono::seconds(duration.seconds()) + std::chrono::nanoseconds(duration.nanos());
}

std::optional<Time> Earlier(std::optional<Time> one, std::optional<Time> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

Duration Doubled(Duration first, int times, Duration most) {
  Duration pause = std::min(first, most);
  for (int i = 0; i < times && pause < most; ++i) pause = pause < most / 2 ? pause * 2 : most;
  return pause;
}

std::string FormatTime(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time - day);
  const std::chrono::hh_mm_ss clock(millis);
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                         static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                         clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                         clock.subseconds().count());
}

}  // namespace callbridge::base
