// The media lane: what a leg hears, one sound at a time. Sounds never overlap. A stop, then
// the end of the stopped sound or a short deadline, comes before the next sound. The next sound
// also waits until the stop is answered, so that no stop can end a later sound. A prompt that
// failed, was refused or is unknown never fails a bridge.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// Starts a prompt; a silent prompt is over at once. The lane must be quiet.
void StartPrompt(Orders& orders, const Leg& leg, v1::PromptKind kind);
// Starts the music, if the plan has any. The lane must be quiet.
void StartMusic(Orders& orders, const Leg& leg);
// Ends the present sound. The lane is quiet at once, or after the sound's end or its deadline.
void StopSound(Orders& orders, const Leg& leg);
// Forgets the sounds of all lanes without telling the provider, because the calls are being hung
// up.
void AbandonLanes(Orders& orders);

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
