// JoiningCaller: an answered caller is moved into the conference, by a PUT that is repeated until
// the conference shows the caller or has shown, twice, that a PUT came to nothing.
#pragma once

#include <optional>

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

void EnterJoiningCaller(Course& course);
Next AdvanceJoiningCaller(Course& course);
void OnAddCallerResult(Course& course, OpenCommand& open, const CommandResult& result);
// PARTICIPANT_JOIN_FAILED of an incoming caller.
void OnCallerNotJoined(Course& course);
// A look at the conference that was asked then showed this. Absent: it failed.
Next OnJoinLookedFor(Course& course, Time asked, const std::optional<ConferenceFacts>& facts);
void OnJoinRetryTimer(Course& course);

}  // namespace callbridge::flow
