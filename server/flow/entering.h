// Changes the phase of a session; no other code does. A session that is given up (giving_up.h) uses
// no rules, and therefore does not pass here.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Enters the phase that the rules have chosen. Stay changes nothing.
void Enter(Course& course, const Next& next);

}  // namespace callbridge::flow
