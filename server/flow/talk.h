// Caller and callee in one room: when the talk begins, and how it ends.
#pragma once

#include <optional>

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// PartiesConnected: from this moment on they could talk.
void BeginTalk(Course& course, Time when);
// The callee with whom the caller was connected is gone, and the session ends with it. Absent: that
// is not so.
std::optional<ToEnding> EndOfTalk(Knowledge& known);

}  // namespace callbridge::flow
