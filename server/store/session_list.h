// Lists of sessions: what a filter means. One transaction looks at a bounded number of sessions, so that a search that
// finds little holds up nobody.
#pragma once

#include <string>
#include <vector>

#include "server/store/tables.h"

namespace callbridge::store {

// Adds the matching sessions below before_id to found, until limit are there or kListChunk were looked at. Returns the
// before_id to go on with; empty: that was all.
std::string ListSome(View& tables, const SessionFilter& filter, const std::string& before_id,
                     int limit, std::vector<internal::v1::Session>& found);

}  // namespace callbridge::store
