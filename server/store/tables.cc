#include "server/store/tables.h"

namespace callbridge::store {

// Names the lock of a session. Inputs whose hint names a session that does not exist yet are parked
// under the same name.
std::string SessionLock(const std::string& session_id) { return "session/" + session_id; }

std::string RequestLock(const std::string& request_id) { return "request/" + request_id; }

std::string DedupeLock(const std::string& dedupe_key) { return "dedupe/" + dedupe_key; }

std::string MetaLock(const std::string& name) { return "meta/" + name; }

}  // namespace callbridge::store
