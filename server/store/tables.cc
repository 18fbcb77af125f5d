#include "server/store/tables.h"

namespace callbridge::store {

// The lock of a session is also the reference for which parked inputs wait if their hint names the
// session.
std::string SessionLock(const std::string& session_id) { return "session/" + session_id; }

std::string RequestLock(const std::string& request_id) { return "request/" + request_id; }

std::string DedupeLock(const std::string& dedupe_key) { return "dedupe/" + dedupe_key; }

std::string MetaLock(const std::string& name) { return "meta/" + name; }

}  // namespace callbridge::store
