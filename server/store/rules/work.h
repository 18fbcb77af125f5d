// What the worker's steps load: sessions that have something to do, and what they were stepped
// with.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "server/store/tables.h"
#include "server/store/work.h"

namespace callbridge::store {

// Absent: no such session.
std::optional<SessionKey> KeyOf(View& tables, const std::string& session_id);
// NOT_FOUND, in words.
absl::Status NoSession(const std::string& session_id);
// Store::NextSessions.
absl::StatusOr<std::vector<DueSession>> NextSessions(Engine& engine, base::Time now, int limit,
                                                     bool include_timers);
// Store::ReadInputs.
absl::Status ReadInputs(View& tables, const std::string& session_id,
                        std::vector<ConsumedInput>& inputs);
// Store::MarkStepping.
absl::Status MarkStepping(Transaction& tables, const std::string& session_id, int& marks);

}  // namespace callbridge::store
