// Dials: the one command that must never happen twice. A dial waits for its turn, is sent once, and
// when nobody knows whether it made a call the call is looked for, by its customData, before
// anything else is done. What the provider's lists, late enough, twice do not show is dialled once
// more.
#pragma once

#include <optional>

#include "server/flow/orders.h"

namespace callbridge::flow {

void DialCaller(Orders& orders);
// With the plan's ring timeout.
void DialCallee(Orders& orders);
// before: it leaves before that time or never. Absent: as long as a dial may wait for its turn.
void DialCallee(Orders& orders, Duration ring_timeout, std::optional<Time> before);
// The dial that waits for its turn; null: none does.
const OpenCommand* PendingDial(Orders& orders);
// Until when a dial may wait for its turn.
Time LastMomentOf(Orders& orders, const OpenCommand& dial);
Duration RingTimeout(const Command& dial);
// Whether a dial that certainly did nothing is to be tried again.
bool WantsDial(const Session& session, const Leg& leg);

// A dial was marked in flight: from now on there is a leg, and its ring clock runs.
void OnDialTaken(Orders& orders, const OpenCommand& open);
void OnDialResult(Orders& orders, OpenCommand& open, const CommandResult& result);
// A look for a dial of unknown fate, which was asked then, did not show it. complete: it left
// nothing out.
void OnDialLookedFor(Orders& orders, Leg& leg, Time asked, bool complete);
// Looks for a dial of unknown fate, or sets the timer if it is too early for that.
void PursueLostDial(Orders& orders, Leg& leg);
// The leg's ring clock stops.
// A second call of a callee's dial was seen: it has the deadlines of any call that is made.
void OnStrayShown(Orders& orders, Leg& stray);

// Takes back dials that wait. A leg that an earlier attempt made, certainly in vain, ends for this
// reason.
void CancelPendingDials(Orders& orders, v1::EndReason reason);
// The leg's call was seen. Should its dial wait to be sent once more, because an answer denied the
// attempt that made the call, it is taken back, and the call has the deadlines of that attempt.
void WithdrawRepeatedDial(Orders& orders, Leg& leg);

}  // namespace callbridge::flow
