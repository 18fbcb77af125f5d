// The names of commands in the history, and the commands that only look.
#pragma once

#include <string>

#include "callbridge/internal/v1/command.pb.h"

namespace callbridge::flow {

// Returns a name like "DialCallee" or "StopMusic".
std::string CommandName(const internal::v1::Command& command);

}  // namespace callbridge::flow
