// How a session begins: with an incoming call that is ours to take, with StartBridge, or with
// StartBridge for an offered call.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

Next OnIncomingCall(Course& course, const internal::v1::IncomingCall& incoming);
Next OnStartBridge(Course& course, const internal::v1::StartBridge& start);

}  // namespace callbridge::flow
