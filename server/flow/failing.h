// A bridge that cannot be made, before anybody was dialled for the caller: the caller is told so if
// it can be heard, and the outcome is FAILED.
#pragma once

#include "server/flow/next.h"
#include "server/flow/orders.h"

namespace callbridge::flow {

// error: the provider's words, or null.
Next FailPreparation(Orders& orders, v1::EndReason reason, const v1::ProviderError* error);
// Answer or conference were refused for good.
Next OnPreparationRefused(Orders& orders, const CommandResult& result);
// What the bridge waits for did not come in time.
Next FailForDelay(Orders& orders);

// The caller may no longer be dialled: start_before_time has passed.
bool IsTooLateToStart(const Knowledge& known);
// The caller was not dialled, and will not be.
ToEnding EndNotInTime(Knowledge& known);

}  // namespace callbridge::flow
