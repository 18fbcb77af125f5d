// Caller and callee in one conference: when the talk begins, and how it ends.
#pragma once

#include <optional>

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Tells PartiesConnected: from this moment on the two could talk.
void BeginTalk(Course& course, Time when);
// Returns the end of the session if the callee with whom the caller was connected is gone. Absent
// means that the talk goes on.
std::optional<ToEnding> EndOfTalk(Knowledge& known);

}  // namespace callbridge::flow
