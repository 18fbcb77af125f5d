// The end of a session whose steps cannot be committed, or that a later version has stepped. It
// uses none of the rules that may be at fault. Every call is hung up once and the session ends. The
// sweep hangs up what is left, because it no longer counts the session as an owner.
#pragma once

#include <string>

#include "server/flow/course.h"

namespace callbridge::flow {

// Gives the session up. Afterwards the session ignores every input.
void GiveUp(Course& course, const std::string& reference);

}  // namespace callbridge::flow
