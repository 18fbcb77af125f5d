// What each timer is for.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// The timer is due, and was taken out of the session.
Next OnTimer(Course& course, const Timer& timer);

}  // namespace callbridge::flow
