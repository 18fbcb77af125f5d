// The life of a command after it was issued: it is taken in flight, and answered.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Its first byte may leave from now on.
void OnCommandTaken(Course& course, const internal::v1::CommandTaken& taken);
// What came of it.
Next OnCommandResult(Course& course, const CommandResult& result);

}  // namespace callbridge::flow
