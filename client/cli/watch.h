// Watches sessions, for the commands watch and start --wait.
#pragma once

#include "callbridge/v1/bridge_service.pb.h"
#include "client/cli/commands.h"

namespace callbridge::cli {

// Prints until the session that the request names has ended, or stop is requested. With by_outcome
// the exit status tells the outcome.
ExitStatus Watch(const Call& call, v1::StreamEventsRequest request, bool by_outcome);

}  // namespace callbridge::cli
