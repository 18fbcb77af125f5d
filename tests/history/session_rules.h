// The invariants that a session's events alone can break, as plain functions over the events of one
// session: for histories read from outside and for simulations that hold the stored ones. They read
// and judge; they keep nothing.
#pragma once

#include <string>
#include <vector>

#include "callbridge/v1/event.pb.h"

namespace callbridge::history {

// Each a sentence that names the session and what is wrong.
using Violations = std::vector<std::string>;
// All stored events of one session, in order.
using SessionEvents = std::vector<v1::SessionEvent>;

// Invariant 3, its first half: 1, 2, 3 … without gap, under the id that says so.
Violations SequencesWithoutGap(const SessionEvents& events);
// True if the event tells what became of recorded files, which come after SessionEnded.
bool MayFollowTheEnd(const v1::SessionEvent& event);
// Invariant 4: nothing else follows SessionEnded, and the outcome stays as SessionEnding decided
// it.
Violations NothingAfterTheEnd(const SessionEvents& events);
// Invariant 12: greeting, music, then announcement or apology, one at a time.
Violations SoundsInOrder(const SessionEvents& events);
// Invariant 31: each recording starts and stops at most once, in this order, and a second one of
// the same target starts after it. It is told to be ready again only with more files.
Violations RecordingsOneAtATime(const SessionEvents& events);
// Invariant 32: of a session whose plan has a notice, a recording starts only when both have heard
// it.
Violations RecordedAfterNotices(const SessionEvents& events);
// What an outcome must agree with: COMPLETED if and only if the parties were connected, and decided
// before the end.
Violations OutcomeFitsTheStory(const SessionEvents& events);

}  // namespace callbridge::history
