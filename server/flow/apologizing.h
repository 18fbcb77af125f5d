// Apologizing: the caller hears why nobody was reached, and is hung up then.
#pragma once

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

void EnterApologizing(Course& course, const ToApologizing& why);
Next AdvanceApologizing(Course& course);
// The apology is on its way: from now on a callee that joins, or shows itself for the first time,
// is too late.
void OnApologyTaken(Course& course);
// Nobody was reached, for the reason that the phase or the callee's leg knows.
ToEnding EndOfApology(Knowledge& known);

}  // namespace callbridge::flow
