// The life of a command after it was issued: it is taken in flight, and the provider answers it.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Records that the command's first byte may leave from now on.
void OnCommandTaken(Course& course, const internal::v1::CommandTaken& taken);
// Records the result of a command, and decides what follows from it.
Next OnCommandResult(Course& course, const CommandResult& result);

}  // namespace callbridge::flow
