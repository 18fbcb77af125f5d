// What people hear, as the provider tells. leg: the leg that hears the sound.
#pragma once

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Returns what the leg hears. A leg that never heard a sound has an empty lane.
const Lane& LaneOf(const Session& session, const Leg& leg);
bool HasLane(const Session& session, const Leg& leg);
// True if no sound is heard and none is about to begin.
bool IsQuiet(const Session& session, const Leg& leg);

// Tells, once, that the head of the lane is heard, or counts as heard.
void TellSoundStart(Knowledge& known, const Leg& leg);

// Records SAY_FINISHED and PLAY_FINISHED.
void NoteSoundFinished(Knowledge& known, const Leg& leg, const ProviderEvent& event);
// Records an ERROR about a say or play.
void NoteSoundError(Knowledge& known, const Leg& leg, const ProviderEvent& event);

}  // namespace callbridge::flow
