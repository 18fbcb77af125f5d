// Facts that only the process itself knows, for operators: its start time, the sizes of its files,
// and the difference between its clock and the system's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/clock.h"
#include "server/base/time.h"

namespace callbridge::inbox {

// Returns a size in bytes at each call. Absent means that the size is unknown or does not exist.
using AskBytes = std::function<std::optional<std::int64_t>()>;

struct ServerFacts {
  base::Time start_time{};
  // Each of these functions may be empty; its size is then absent.
  AskBytes database = {};
  AskBytes wal = {};
  // The free bytes on the volume of the database.
  AskBytes free_disk = {};
  // How far the system's clock is ahead of the process's; negative if it is behind.
  std::function<base::Duration()> system_ahead = {};
};

// The clock must outlive the facts.
ServerFacts MakeServerFacts(const config::v1::Store& settings, const base::ServiceClock& clock);

}  // namespace callbridge::inbox
