// Loads sessions that have work, and the inputs with which they were stepped.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "server/store/tables.h"
#include "server/store/work.h"

namespace callbridge::store {

// Returns the session's key. Absent means that there is no such session.
std::optional<SessionKey> KeyOf(View& tables, const std::string& session_id);
// Returns NOT_FOUND with a message that names the session.
absl::Status NoSession(const std::string& session_id);
// Implements Work::NextSessions.
absl::StatusOr<std::vector<DueSession>> NextSessions(Engine& engine, base::Time now, int limit,
                                                     bool include_timers);
// Implements History::ReadInputs.
absl::Status ReadInputs(View& tables, const std::string& session_id,
                        std::vector<ConsumedInput>& inputs);
// Implements Work::MarkStepping.
absl::Status MarkStepping(Transaction& tables, const std::string& session_id, int& marks);

}  // namespace callbridge::store
