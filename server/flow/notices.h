// Says the notice before recording to each person on that person's own call (decision 0053).
// Greeting and StoppingMusic wait for it where the plan records; on request it is said while the
// two talk. A notice that fails never fails a bridge: then nothing is recorded.
#pragma once

#include <optional>

#include "server/flow/next.h"
#include "server/flow/orders.h"

namespace callbridge::flow {

// Begins the notice on the leg's lane, which must be quiet.
void BeginNotice(Orders& orders, const Leg& leg);
// Gives the recording up if a person has refused, or if the proof of the notice was lost as often
// as it may be. It comes before the rules of the phase, which then wait for no notice.
void GiveUpForbidden(Orders& orders);
// Says the notice to those who talk and have not heard it.
void SettleNotices(Orders& orders);

// Returns where a session goes in which a person has refused to be recorded, if the plan ends it
// then. A callee who has not joined is hung up, and the caller hears why.
std::optional<Next> EndOfRefusal(Orders& orders);

}  // namespace callbridge::flow
