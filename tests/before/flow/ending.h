// The end: the outcome is decided once, everything of the session is hung up, and the session is
// over when each leg is proved gone, or given over to the clean-up, which goes on outside the
// history.
#pragma once

#include <string>

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

// Decides the outcome (result, reason, ended_by and causes are given, the rest is filled in; a
// summary is appended to the one made here) and begins to hang up.
void End(Turn& turn, v1::Outcome outcome);
// The end of Apologizing: nobody was reached, for the reason that the phase or the callee's leg
// knows.
void EndApologized(Turn& turn);
void EndByRequest(Turn& turn, const std::string& reason);
void EndAsInternal(Turn& turn, const std::string& reference);

void AdvanceEnding(Turn& turn);
void OnEndingVerdictTimer(Turn& turn);
void OnEndingLookTimer(Turn& turn);
// After the end whatever is pursued has a last moment, also what has shown itself only then.
void BoundPursuit(Turn& turn);
void OnPursuitEndTimer(Turn& turn);

}  // namespace callbridge::flow_before
