// Lets what clients asked for be heard: PlayPrompt, StopSounds and CaptureDigits. It waits in the
// lane of its leg, behind every prompt of the plan. Music gives way to it. No phase waits for it.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// Begins what waits, if its turn has come, and stops music that is in its way. It forgets what
// waits for a leg that is gone. The rules of the phase come first.
void SettleSounds(Orders& orders);

// True if one more sound may wait on the leg.
bool HasRoom(const Session& session, const Leg& leg);
// Adds a sound to what waits on the leg, which must have room.
void Queue(Orders& orders, const Leg& leg, const internal::v1::RequestedSound& sound);

// True if a sound or capture that a client asked for is heard or waits on the leg.
bool HasRequested(const Session& session, const Leg& leg);

}  // namespace callbridge::flow
