// The commands that start and stop sounds. leg: the leg that hears the sound.
#pragma once

#include <cstdint>

#include "server/flow/orders.h"

namespace callbridge::flow {

// Makes the command that plays this prompt of the session's plan.
Command MakePlayPrompt(Orders& orders, const Leg& leg, v1::PromptKind kind);
Command MakePlayMusic(Orders& orders, const Leg& leg);
// media: the number of the command that began the sound.
Command MakeStopPlay(const Orders& orders, const Leg& leg, std::int32_t media);
// Cancels stops of this sound that have not left, because they would end the next sound.
void CancelStops(Orders& orders, std::int32_t media);

}  // namespace callbridge::flow
