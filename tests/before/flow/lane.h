// The media lane: what the caller hears, one thing at a time. Sounds never overlap: a stop, its
// finished event or a short deadline, then the next, which waits until the stop is answered: stops
// never end the sound after theirs. A prompt that failed, was refused or is unknown never fails a
// bridge.
#pragma once

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

// Nothing is heard, and nothing is about to be.
bool IsQuiet(const Session& session);

// A silent prompt is over at once. The lane must be quiet.
void StartPrompt(Turn& turn, v1::PromptKind kind);
// Nothing if the plan has none. The lane must be quiet.
void StartMusic(Turn& turn);
// Ends whatever is heard. The lane is quiet now, or after the sound's end or its deadline.
void StopSound(Turn& turn);
// Forgets the lane without a word to the provider: the call is being hung up.
void AbandonLane(Turn& turn);

void OnSoundTaken(Turn& turn, const OpenCommand& open);
void OnSoundResult(Turn& turn, OpenCommand& open, const CommandResult& result);
void OnStopPlayResult(Turn& turn, const Command& command, const CommandResult& result);
// SAY_FINISHED and PLAY_FINISHED.
void OnSoundFinished(Turn& turn, const ProviderEvent& event);
// ERROR about a say or play.
void OnSoundError(Turn& turn, const ProviderEvent& event);

// The lane's timers end with its head: each finds the head that it was set for.
void OnPromptTimer(Turn& turn);
void OnMediaEndTimer(Turn& turn, Time due);
void OnSoundHeldTimer(Turn& turn);
void OnStopPlayTimer(Turn& turn);

}  // namespace callbridge::flow_before
