// The commands that make somebody hear something, or no longer. leg: who hears it.
#pragma once

#include <cstdint>

#include "server/flow/orders.h"

namespace callbridge::flow {

// This prompt of the session's plan.
Command MakePlayPrompt(Orders& orders, const Leg& leg, v1::PromptKind kind);
Command MakePlayMusic(Orders& orders, const Leg& leg);
// media: the command that began the sound.
void IssueStopPlay(Orders& orders, const Leg& leg, std::int32_t media);
// Stops of this sound that have not left would end the next one.
void CancelStops(Orders& orders, std::int32_t media);

}  // namespace callbridge::flow
