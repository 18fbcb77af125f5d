// What the results of sound commands, the ends of sounds and the lane's timers do to the head of a
// lane.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

void OnSoundTaken(Orders& orders, const OpenCommand& open);
void OnSoundResult(Orders& orders, OpenCommand& open, const CommandResult& result);
void OnStopPlayResult(Orders& orders, const Command& command, const CommandResult& result);
// Called when the provider told the end or failure of the head. Music that ran out is played
// again.
void OnSoundEnded(Orders& orders, const Leg& leg, const SoundEnded& ended);

// Handles the lane's timers. They end with the lane's head, so each finds the head for which it was
// set.
void OnPromptTimer(Orders& orders, const Leg& leg);
void OnMediaEndTimer(Orders& orders, const Leg& leg, Time due);
void OnSoundHeldTimer(Orders& orders, const Leg& leg);
void OnStopPlayTimer(Orders& orders, const Leg& leg);

}  // namespace callbridge::flow
