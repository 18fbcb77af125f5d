// Ending and Ended: the outcome is decided once, everything of the session is hung up, and the
// session is over when each leg is proved gone, or given over to the clean-up, which goes on
// outside the history.
#pragma once

#include <string>

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Decides the outcome and begins to hang up.
void EnterEnding(Course& course, const ToEnding& end);
Next AdvanceEnding(Course& course);
Next OnEndingVerdictTimer(Course& course);
void OnEndingLookTimer(Course& course);

void EnterEnded(Course& course);
// After the end whatever is pursued has a last moment, also what has shown itself only then.
void BoundPursuit(Course& course);
void OnPursuitEndTimer(Course& course);

Next EndByRequest(Course& course, const std::string& reason);
// Because of a defect. reference: what helps to find it.
Next EndAsInternal(const Session& session, const std::string& reference);

}  // namespace callbridge::flow
