// The commands that make the caller hear something, or no longer.
#pragma once

#include <cstdint>

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

// This prompt of the session's plan.
Command MakePlayPrompt(Turn& turn, v1::PromptKind kind);
Command MakePlayMusic(Turn& turn);
// media: the command that began the sound.
void IssueStopPlay(Turn& turn, std::int32_t media);
// Stops of this sound that have not left would end the next one.
void CancelStops(Turn& turn, std::int32_t media);

}  // namespace callbridge::flow_before
