// The provider's ids that lead to a session. "call/<id>" and "conference/<id>" share one table with
// one owner each; "session/<id>" is only waited for, by parked inputs whose hint names a session
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

// The calls of the legs, the conference and the surplus ones, in this order, without repetition.
std::vector<std::string> ReferencesOf(const internal::v1::Session& session);

}  // namespace callbridge::store
