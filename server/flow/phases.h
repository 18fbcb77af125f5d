// The phase of a session: which one comes next, by the rules of the present one, and its change. No
// other code changes the phase. A session that is given up (giving_up.h) uses no rules, and
// therefore does not pass here.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Returns where the session goes next, if what is known is enough to continue.
Next NextOf(Course& course);

// Enters the phase that the rules have chosen. Stay changes nothing.
void Enter(Course& course, const Next& next);

// Sends the look of the phase, which is due.
void OnPhaseLookTimer(Course& course);
// Decides the phase, because its last deadline has passed.
Next OnPhaseVerdictTimer(Course& course);
// Decides after the time for looks at the legs of a conference that vanished.
Next OnConferenceGoneTimer(Course& course);

}  // namespace callbridge::flow
