// The one place where a session changes its phase.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Goes where the rules of a phase say. Stay: nothing.
void Enter(Course& course, const Next& next);

}  // namespace callbridge::flow
