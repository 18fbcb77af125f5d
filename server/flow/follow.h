// What follows from what became known, before the phase is asked where to go.
#pragma once

#include "server/flow/course.h"

namespace callbridge::flow {

// Follows up all news, the oldest first, and what becomes known on the way.
void FollowNews(Course& course);

}  // namespace callbridge::flow
