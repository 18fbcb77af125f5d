// Apologizing: the caller hears why no callee was reached, and is then hung up.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

void EnterApologizing(Course& course, const ToApologizing& why);
Next AdvanceApologizing(Course& course);
// Records that the apology's command was taken in flight. A callee that joins, or shows itself for
// the first time, is too late from now on.
// The phase must be Apologizing.
void OnApologyTaken(Course& course);
// Returns the end of the session: no callee was reached, for the reason that the phase or the
// callee's leg knows.
ToEnding EndOfApology(Knowledge& known);

}  // namespace callbridge::flow
