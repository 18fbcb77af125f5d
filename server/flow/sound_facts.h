// What the caller hears, by the provider's word.
#pragma once

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Nothing is heard, and nothing is about to be.
bool IsQuiet(const Session& session);

// The head of the lane is heard, or counts as heard: told once.
void TellSoundStart(Knowledge& known);

// SAY_FINISHED and PLAY_FINISHED.
void NoteSoundFinished(Knowledge& known, const ProviderEvent& event);
// ERROR about a say or play.
void NoteSoundError(Knowledge& known, const ProviderEvent& event);

}  // namespace callbridge::flow
