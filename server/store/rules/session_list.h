// Lists of sessions: what a filter means, and how the sessions that pass it are found. One call
// looks at a bounded number of rows, so that a search that finds little holds up nothing.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "server/store/sessions.h"
#include "server/store/tables.h"

namespace callbridge::store {

// As Store::ListSessions and Store::SnapshotSessions.
SessionPage ListSome(View& tables, const SessionFilter& filter, const std::string& place,
                     int limit);
SessionPage SnapshotSome(View& tables, const std::map<std::string, std::string>& labels,
                         std::optional<base::Time> ended_after, const std::string& place,
                         int limit);

}  // namespace callbridge::store
