// Time as this project handles it: chrono types inside, protobuf's types at the edges. No function
// here reads a clock.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <optional>
#include <string>

namespace callbridge::base {

using Duration = std::chrono::nanoseconds;
using Time = std::chrono::sys_time<Duration>;

google::protobuf::Timestamp ToTimestamp(Time time);
google::protobuf::Duration ToProtoDuration(Duration duration);
Time FromTimestamp(const google::protobuf::Timestamp& timestamp);
Duration FromProtoDuration(const google::protobuf::Duration& duration);

// Returns the earlier of the two. An absent time counts as later than every time.
std::optional<Time> Earlier(std::optional<Time> one, std::optional<Time> other);

// Returns `first` doubled so many times, but not more than `most`: the pause before a further
// attempt. times: negative counts as 0.
Duration Doubled(Duration first, int times, Duration most);

// Formats the time like "2026-01-15T12:00:00.123Z".
std::string FormatTime(Time time);

}  // namespace callbridge::base
