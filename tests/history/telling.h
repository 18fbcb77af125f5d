// One session of a history as a readable sequence: its events, the requests and webhooks about it
// and what was true of its calls, by time. For the message of a test that fails.
#pragma once

#include <string>

#include "tests/history/history.h"

namespace callbridge::history {

// A line each: seconds since the first one, who, what.
std::string TellSession(const History& history, const std::string& session_id);

}  // namespace callbridge::history
