// The commands that start and stop sounds and captures. leg: the leg that hears the sound.
#pragma once

#include <cstdint>

#include "server/flow/orders.h"

namespace callbridge::flow {

// Makes the command that says or plays this prompt.
Command MakePlayPrompt(Orders& orders, const Leg& leg, const v1::Prompt& prompt);
// Makes the command that captures keys.
Command MakeCapture(Orders& orders, const Leg& leg, const internal::v1::RequestedSound& sound);
Command MakePlayMusic(Orders& orders, const Leg& leg);
// media: the number of the command that began the sound.
Command MakeStopPlay(const Orders& orders, const Leg& leg, std::int32_t media);
// Cancels stops of this sound that have not left, because they would end the next sound.
void CancelStops(Orders& orders, std::int32_t media);

}  // namespace callbridge::flow
