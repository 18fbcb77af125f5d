// JoiningCaller: an answered caller is moved into the conference by a PUT. The PUT is repeated
// until the conference shows the caller, or has shown twice that a PUT failed.
#pragma once

#include <optional>

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

void EnterJoiningCaller(Course& course);
Next AdvanceJoiningCaller(Course& course);
void OnAddCallerResult(Course& course, OpenCommand& open, const CommandResult& result);
// Handles PARTICIPANT_JOIN_FAILED of an incoming caller.
void OnCallerNotJoined(Course& course);
// Handles a look at the conference. asked: when the look left. facts: what it showed; absent if it
// failed.
Next OnJoinLookedFor(Course& course, Time asked, const std::optional<ConferenceFacts>& facts);
void OnJoinRetryTimer(Course& course);

}  // namespace callbridge::flow
