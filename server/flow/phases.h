// What the phase makes of what is known, whichever phase it is.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

// Whether what is known is enough to go on, and where to.
Next NextOf(Course& course);

// The phase's look is due.
void OnPhaseLookTimer(Course& course);
// The phase's last deadline has passed.
Next OnPhaseVerdictTimer(Course& course);
// The legs of a conference that vanished were looked at long enough.
Next OnConferenceGoneTimer(Course& course);

}  // namespace callbridge::flow
