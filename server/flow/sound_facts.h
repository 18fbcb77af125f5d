// What people hear, by the provider's word. leg: who hears it.
#pragma once

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// What the leg hears. A leg that never heard anything has an empty one.
const Lane& LaneOf(const Session& session, const Leg& leg);
bool HasLane(const Session& session, const Leg& leg);
// Nothing is heard, and nothing is about to be.
bool IsQuiet(const Session& session, const Leg& leg);

// The head of the lane is heard, or counts as heard: told once.
void TellSoundStart(Knowledge& known, const Leg& leg);

// SAY_FINISHED and PLAY_FINISHED.
void NoteSoundFinished(Knowledge& known, const Leg& leg, const ProviderEvent& event);
// ERROR about a say or play.
void NoteSoundError(Knowledge& known, const Leg& leg, const ProviderEvent& event);

}  // namespace callbridge::flow
