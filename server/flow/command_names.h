// How the history calls a command, and which commands only look.
#pragma once

#include <string>

#include "callbridge/internal/v1/command.pb.h"

namespace callbridge::flow {

// True for the commands that change nothing at the provider: what they show is the reconciler's
// word.
bool IsLook(internal::v1::Command::ActionCase action);
// "DialCallee", "StopMusic" …
std::string CommandName(const internal::v1::Command& command);

}  // namespace callbridge::flow
