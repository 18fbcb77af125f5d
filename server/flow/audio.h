// Mutes and deafens people. What clients want is a level: the flow asks the provider until an event
// or a look confirms it, the provider refuses, or the person leaves. Each command says the whole
// wish, so it may be repeated, whatever became of the one before.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// Issues what is missing for each leg in the conference, and takes back what is no longer wanted.
void SettleAudio(Orders& orders);

void OnUpdateAudioResult(Orders& orders, OpenCommand& open, const CommandResult& result);
// Looks, because the confirmation has not come.
void OnAudioTimer(Orders& orders, Leg& leg);
// Handles a look at the conference, whose facts are recorded. A change that it does not show is
// asked for again. asked: when the look left.
void OnAudioLookedAt(Orders& orders, Time asked);

}  // namespace callbridge::flow
