// Lists of sessions: the meaning of a filter, and the search for sessions that pass it. One call
// reads a limited number of rows, so that a search with few results delays no other work.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "server/store/sessions.h"
#include "server/store/tables.h"

namespace callbridge::store {

// These functions implement Sessions::ListSessions and Sessions::SnapshotSessions.
SessionPage ListSome(View& tables, const SessionFilter& filter, const std::string& place,
                     int limit);
SessionPage SnapshotSome(View& tables, const std::map<std::string, std::string>& labels,
                         std::optional<base::Time> ended_after, const std::string& place,
                         int limit);

}  // namespace callbridge::store
