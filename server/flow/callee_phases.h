// Greeting, DialingCallee, StoppingMusic, Announcing, Connected: from the caller's join to the end
// of the talk.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

void EnterGreeting(Course& course);
Next AdvanceGreeting(Course& course);

void EnterDialingCallee(Course& course);
Next AdvanceDialingCallee(Course& course);

// Requires that a callee has answered.
void EnterStoppingMusic(Course& course);
Next AdvanceStoppingMusic(Course& course);

void EnterAnnouncing(Course& course);
Next AdvanceAnnouncing(Course& course);

void EnterConnected(Course& course);
Next AdvanceConnected(Course& course);

// Ends the talk, because its maximum duration is over.
Next OnMaxDurationTimer(Course& course);

}  // namespace callbridge::flow
