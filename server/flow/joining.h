// Moves an answered call into the conference by PUTs: an incoming caller (JoiningCaller), or a
// callee who was dialled apart and has heard the notice (StoppingMusic). The PUT is repeated until
// the conference shows the leg, or has shown twice that a PUT failed.
#pragma once

#include <optional>

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

void EnterJoiningCaller(Course& course);
Next AdvanceJoiningCaller(Course& course);
// Begins to move a callee who was dialled apart. Does nothing if that has begun.
void MoveCallee(Course& course, Leg& callee);
// Gives a callee up who could not be moved, or is no longer to be moved. Null means that no callee
// is left; then only a PUT that waits is taken back.
void GiveUpCallee(Course& course, Leg* callee);
void OnAddCallerResult(Course& course, OpenCommand& open, const CommandResult& result);
// Handles PARTICIPANT_JOIN_FAILED of a leg that was not dialled into the conference.
void OnNotJoined(Course& course, Leg& leg);
// Handles a look at the conference. asked: when the look left. facts: what it showed; absent if it
// failed.
Next OnJoinLookedFor(Course& course, Time asked, const std::optional<ConferenceFacts>& facts);
void OnJoinRetryTimer(Course& course);

}  // namespace callbridge::flow
