// Dials. A dial must never happen twice. A dial waits for its turn and is sent once. When it is
// unknown whether it made a call, the call is first looked for by its customData. It is dialled
// once more only if the provider's lists, read late enough, twice do not show the call.
#pragma once

#include <cstdint>
#include <optional>

#include "server/flow/orders.h"

namespace callbridge::flow {

void DialCaller(Orders& orders);
// Dials the session's callee of this number, for as long as the plan lets the telephone ring.
void DialCallee(Orders& orders, std::int32_t number);
// before: the dial leaves before that time or never. Absent means as long as a dial may wait for
// its turn.
void DialCallee(Orders& orders, std::int32_t number, Duration ring_timeout,
                std::optional<Time> before);
// The dial that waits for its turn; null if there is none.
const OpenCommand* PendingDial(Orders& orders);
// The time until which a dial may wait for its turn.
Time LastMomentOf(Orders& orders, const OpenCommand& dial);
Duration RingTimeout(const Command& dial);
// True while the phase waits for the leg's person to answer a dial.
bool AwaitsAnswerOf(const Session& session, const Leg& leg);
// True if a dial that certainly was not done is to be tried again.
bool WantsDial(const Session& session, const Leg& leg);

// Called when a dial was taken in flight: from now on the leg exists, and its ring clock runs.
void OnDialTaken(Orders& orders, const OpenCommand& open);
void OnDialResult(Orders& orders, OpenCommand& open, const CommandResult& result);
// Handles a look for a dial of unknown fate that did not show its call. asked: when the look left.
// complete: the look read all lists.
void OnDialLookedFor(Orders& orders, Leg& leg, Time asked, bool complete);
// Sends the next look for a dial of unknown fate, or plans it.
void PursueLostDial(Orders& orders, Leg& leg);
// Handles a second call of a callee's dial. It gets the deadlines of any call that is made.
void OnStrayShown(Orders& orders, Leg& stray);

// Cancels dials that wait. A leg of an earlier attempt that certainly was not done ends for this
// reason.
void CancelPendingDials(Orders& orders, v1::EndReason reason);
// Called when the leg's call was seen. An answer may have denied the attempt that made the call,
// so that its dial waits to be sent once more. Then the dial is cancelled, and the call gets the
// deadlines of that attempt.
void WithdrawRepeatedDial(Orders& orders, Leg& leg);

}  // namespace callbridge::flow
