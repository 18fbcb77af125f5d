// The commands that make the caller hear something, or no longer.
#pragma once

#include <cstdint>

#include "server/flow/orders.h"

namespace callbridge::flow {

// This prompt of the session's plan.
Command MakePlayPrompt(Orders& orders, v1::PromptKind kind);
Command MakePlayMusic(Orders& orders);
// media: the command that began the sound.
void IssueStopPlay(Orders& orders, std::int32_t media);
// Stops of this sound that have not left would end the next one.
void CancelStops(Orders& orders, std::int32_t media);

}  // namespace callbridge::flow
