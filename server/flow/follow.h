// Decides what follows from news, before the phase is asked for the next one.
#pragma once

#include "server/flow/course.h"

namespace callbridge::flow {

// Follows up all news, the oldest first, including news that this adds.
void FollowNews(Course& course);

}  // namespace callbridge::flow
