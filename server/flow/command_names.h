// The names of commands in the history, and the commands that only look.
#pragma once

#include <string>

#include "callbridge/internal/v1/command.pb.h"

namespace callbridge::flow {

// True for the commands that change nothing at the provider. What they show has the source LOOK.
bool IsLook(internal::v1::Command::ActionCase action);
// Returns a name like "DialCallee" or "StopMusic".
std::string CommandName(const internal::v1::Command& command);

}  // namespace callbridge::flow
