// What only the process knows of itself, for operators: when it began, and how large its files are.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/time.h"

namespace callbridge::inbox {

// A size in bytes, asked for each time. Absent: unknown, or there is no such thing.
using AskBytes = std::function<std::optional<std::int64_t>()>;

struct ServerFacts {
  base::Time start_time{};
  // An empty function is never asked.
  AskBytes database;
  AskBytes wal;
  // Free on the volume of the database.
  AskBytes free_disk;
};

ServerFacts MakeServerFacts(const config::v1::Store& settings, base::Time start_time);

}  // namespace callbridge::inbox
