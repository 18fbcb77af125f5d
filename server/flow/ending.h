// Ending and Ended. The outcome is decided once, and everything of the session is hung up. The
// session is over when each leg is proved gone, or is left to the clean-up that continues after the
// end of the history.
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
// Sets the end of every pursuit after the session's end, also for calls that appear only then.
void BoundPursuit(Course& course);
void OnPursuitEndTimer(Course& course);

Next EndByRequest(Course& course, const std::string& reason);
// Ends the session because of a defect. reference: helps operators to find it.
Next EndAsInternal(const Session& session, const std::string& reference);

}  // namespace callbridge::flow
