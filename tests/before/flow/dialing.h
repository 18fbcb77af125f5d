// Dials: the one command that must never happen twice. A dial waits for its turn, is sent once, and
// when nobody knows whether it made a call the call is looked for, by its customData, before
// anything else is done. What the provider's lists, late enough, twice do not show is dialled once
// more.
#pragma once

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

void DialCaller(Turn& turn);
void DialCallee(Turn& turn);
// A dial was marked in flight: from now on there is a leg, and its ring clock runs.
void OnDialTaken(Turn& turn, const OpenCommand& open);
void OnDialResult(Turn& turn, OpenCommand& open, const CommandResult& result);
// A look for a dial of unknown fate, which was asked then, did not show it. complete: it left
// nothing out.
void OnDialLookedFor(Turn& turn, Leg& leg, Time asked, bool complete);
// The dial that waits for its turn; null: none does.
const OpenCommand* PendingDial(Turn& turn);
// A callee's dial is held back until a look shows that the caller is still there.
bool HoldsDial(const Session& session);
// The service was away: holds the callee's dial that waits, if there is one, and looks at the
// caller.
void HoldDial(Turn& turn);
// A look showed the caller.
void ReleaseDial(Turn& turn);
// The time of a dial passed before it could be sent.
void OnDialExpired(Turn& turn, std::int32_t number);
// Takes back dials that wait. A leg that an earlier attempt made, certainly in vain, ends for this
// reason.
void CancelPendingDials(Turn& turn, v1::EndReason reason);
// The leg's call was seen. Should its dial wait to be sent once more, because an answer denied the
// attempt that made the call, it is taken back, and the call has the deadlines of that attempt.
void WithdrawRepeatedDial(Turn& turn, const Leg& leg);

// The deadlines of a call that was dialled at this moment: a look when it has rung long enough, the
// verdict.
void SetRingTimers(Turn& turn, const Leg& leg, Time dialled, Duration ring_timeout);

void OnDialLookTimer(Turn& turn, Leg& leg);
void OnRingLookTimer(Turn& turn, Leg& leg);

}  // namespace callbridge::flow_before
