// The media lane: what the caller hears, one thing at a time. Sounds never overlap: a stop, its
// finished event or a short deadline, then the next, which waits until the stop is answered: stops
// never end the sound after theirs. A prompt that failed, was refused or is unknown never fails a
// bridge.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// A silent prompt is over at once. The lane must be quiet.
void StartPrompt(Orders& orders, v1::PromptKind kind);
// Nothing if the plan has none. The lane must be quiet.
void StartMusic(Orders& orders);
// Ends whatever is heard. The lane is quiet now, or after the sound's end or its deadline.
void StopSound(Orders& orders);
// Forgets the lane without a word to the provider: the call is being hung up.
void AbandonLane(Orders& orders);

void OnSoundTaken(Orders& orders, const OpenCommand& open);
void OnSoundResult(Orders& orders, OpenCommand& open, const CommandResult& result);
void OnStopPlayResult(Orders& orders, const Command& command, const CommandResult& result);
// The provider told that the head has ended or failed. Music that ran out is played again.
void OnSoundEnded(Orders& orders, const SoundEnded& ended);

// The lane's timers end with its head: each finds the head that it was set for.
void OnPromptTimer(Orders& orders);
void OnMediaEndTimer(Orders& orders, Time due);
void OnSoundHeldTimer(Orders& orders);
void OnStopPlayTimer(Orders& orders);

}  // namespace callbridge::flow
