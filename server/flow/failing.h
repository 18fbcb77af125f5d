// A bridge that cannot be made, before a callee was dialled. The caller is told so if it can be
// heard, and the outcome is FAILED.
#pragma once

#include "server/flow/next.h"
#include "server/flow/orders.h"

namespace callbridge::flow {

// error: the provider's error, or null.
Next FailPreparation(Orders& orders, v1::EndReason reason, const v1::ProviderError* error);
// Called when the provider refused the answer or the conference for good.
Next OnPreparationRefused(Orders& orders, v1::EndReason reason, const CommandResult& result);
// Fails the bridge because what it waits for did not come in time.
Next FailForDelay(Orders& orders);

// True if the caller may no longer be dialled, because start_before_time has passed.
bool IsTooLateToStart(const Knowledge& known);
// Returns the end of a session whose caller was not dialled in time.
ToEnding EndNotInTime(Knowledge& known);

}  // namespace callbridge::flow
