// The one place where a session changes its phase. A session that is given up (giving_up.h) uses no
// rules, and so not this one either.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Goes where the rules of a phase say. Stay: nothing.
void Enter(Course& course, const Next& next);

}  // namespace callbridge::flow
