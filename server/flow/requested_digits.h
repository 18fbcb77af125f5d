// Sends the keys that clients asked for by SendDigits. Keys are never sent twice: if the provider
// does not answer, they may have been sent. They do not pass the lane, because nothing tells their
// end.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

void SendDigits(Orders& orders, const Leg& leg, const internal::v1::RequestDigits& request);
void OnSendDigitsResult(Orders& orders, OpenCommand& open, const CommandResult& result);
// Handles keys that waited for their turn until their time had passed, and were never sent.
void OnSendDigitsExpired(Orders& orders, const Command& command);
// Takes back the keys that have not left and whose leg or bridge is over.
void SettleDigits(Orders& orders);

}  // namespace callbridge::flow
