// Asks the rules of the present phase what follows from the facts.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Returns where the session goes next, if what is known is enough to continue.
Next NextOf(Course& course);

// Sends the look of the phase, which is due.
void OnPhaseLookTimer(Course& course);
// Decides the phase, because its last deadline has passed.
Next OnPhaseVerdictTimer(Course& course);
// Decides after the time for looks at the legs of a conference that vanished.
Next OnConferenceGoneTimer(Course& course);

}  // namespace callbridge::flow
