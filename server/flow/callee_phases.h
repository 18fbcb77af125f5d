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

// A callee must have answered.
void EnterStoppingMusic(Course& course);
Next AdvanceStoppingMusic(Course& course);

void EnterAnnouncing(Course& course);
Next AdvanceAnnouncing(Course& course);

void EnterConnected(Course& course);
Next AdvanceConnected(Course& course);

// The talk is as long as it may be.
Next OnMaxDurationTimer(Course& course);

}  // namespace callbridge::flow
