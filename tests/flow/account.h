// A transition in full: every field of every event, command and reply. The stories of the scenario
// files are for reading; their accounts are for a machine, which sees any change that a story
// leaves out.
#pragma once

#include <string>

#include "callbridge/internal/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::flow {

// A line each. Times are told as seconds since `start`; the session's id is left out, and the
// record time of an event if it is `now`.
std::string Account(const internal::v1::Transition& transition, base::Time start, base::Time now);

}  // namespace callbridge::flow
