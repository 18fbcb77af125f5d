// The names of commands in the history.
#pragma once

#include <string>

#include "callbridge/internal/v1/command.pb.h"

namespace callbridge::flow {

// Returns a name like "DialCallee" or "StopPlay".
std::string CommandName(const internal::v1::Command& command);

}  // namespace callbridge::flow
