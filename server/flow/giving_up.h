// The end of a session whose steps cannot be committed: it uses none of the rules that may be at
// fault. Everybody is hung up once and the session ends; what is left of it is for the sweep, which
// takes it for no owner.
#pragma once

#include <string>

#include "server/flow/course.h"

namespace callbridge::flow {

// After it the session ignores every input.
void GiveUp(Course& course, const std::string& reference);

}  // namespace callbridge::flow
