// The provider's ids that lead to a session. "call/<id>" and "conference/<id>" share one table, in
// which each has one owner. "session/<id>" is used only by parked inputs whose hint names a session
// that does not exist yet.
#pragma once

#include <string>
#include <vector>

#include "callbridge/internal/v1/session.pb.h"

namespace callbridge::store {

std::string CallReference(const std::string& call_id);
std::string ConferenceReference(const std::string& conference_id);
std::string SessionReference(const std::string& session_id);
bool IsSessionReference(const std::string& reference);

// Returns the calls of the legs, the conference and the surplus conferences, in this order, without
// repetition.
std::vector<std::string> ReferencesOf(const internal::v1::Session& session);

}  // namespace callbridge::store
