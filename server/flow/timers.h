// Passes a due timer to the code that its kind is for.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Handles a timer that is due and was removed from the session.
Next OnTimer(Course& course, const Timer& timer);

}  // namespace callbridge::flow
