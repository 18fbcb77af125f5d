// How a session begins: with an incoming call that is ours to take, with StartBridge, or with
// StartBridge for an offered call.
#pragma once

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

void OnIncomingCall(Turn& turn, const before::v1::IncomingCall& incoming);
void OnStartBridge(Turn& turn, const before::v1::StartBridge& start);

}  // namespace callbridge::flow_before
