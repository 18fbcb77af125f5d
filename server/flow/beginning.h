// How a session begins: with an incoming call that is ours to take, with StartBridge, or with
// StartBridge for an offered call.
#pragma once

#include "server/flow/turn.h"

namespace callbridge::flow {

void OnIncomingCall(Turn& turn, const internal::v1::IncomingCall& incoming);
void OnStartBridge(Turn& turn, const internal::v1::StartBridge& start);

}  // namespace callbridge::flow
