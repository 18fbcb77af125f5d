// Tells what was recorded: as text for a person, or as one JSON object for a script. Pure.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "server/admin/recorded_files.h"
#include "server/base/time.h"

namespace callbridge::admin {

// A line for each file, and for each recording without one.
void WriteText(const std::vector<Recorded>& recorded, base::Time now, std::ostream& out);
// {"account", "recordings": [{"conference_id", "conference_name", "call_id", "started", "ended",
// "failed", "incomplete", "reason", "files": [{"id", "name", "format", "size_bytes",
// "duration_seconds", "expires", "call_id"}]}]} in one line. What the provider did not tell is left
// out.
void WriteJson(const std::string& account, const std::vector<Recorded>& recorded,
               std::ostream& out);

}  // namespace callbridge::admin
