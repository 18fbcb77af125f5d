// What only the process knows of itself, for operators: when it began, how large its files are, and
// how far its clock is from the system's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/clock.h"
#include "server/base/time.h"

namespace callbridge::inbox {

// A size in bytes, asked for each time. Absent: unknown, or there is no such thing.
using AskBytes = std::function<std::optional<std::int64_t>()>;

struct ServerFacts {
  base::Time start_time{};
  // An empty function is never asked.
  AskBytes database = {};
  AskBytes wal = {};
  // Free on the volume of the database.
  AskBytes free_disk = {};
  // How far the system's clock is ahead of the process's; below zero: behind it.
  std::function<base::Duration()> system_ahead = {};
};

// The clock must outlive the facts.
ServerFacts MakeServerFacts(const config::v1::Store& settings, const base::ServiceClock& clock);

}  // namespace callbridge::inbox
